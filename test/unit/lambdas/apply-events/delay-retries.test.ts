import { describe, expect, it } from 'vitest'
import { encodeBody, joinOf, setUpHandler } from './set-up-handler.ts'

describe('createHandler with messages that fail', () => {
  const write = () => Promise.reject(new Error('no capacity'))
  const join = encodeBody(joinOf('a'))

  it('delays their retries by 5 s, doubling to 5 min', async () => {
    const { deliver, delayed } = setUpHandler({ write })
    for (const receives of [1, 2, 3, 6, 7, 8, 299]) await deliver(['1', join, receives])
    expect(delayed.map(({ delaySeconds }) => delaySeconds)).toEqual([5, 10, 20, 160, 300, 300, 300])
  })

  it('delays only the messages that it reports as failed', async () => {
    const { deliver, delayed } = setUpHandler({ quarantine: true })
    expect(await deliver(['1', join], ['2', 'oops'])).toEqual(['2'])
    expect(delayed).toEqual([{ receiptHandle: 'handle-2', delaySeconds: 5 }])
  })

  it('sends no request if no message fails', async () => {
    const { deliver, delayed, warn } = setUpHandler({ delay: 'throw' })
    expect(await deliver(['1', join])).toEqual([])
    expect(delayed).toEqual([])
    expect(warn).not.toHaveBeenCalled()
  })

  it.each(['refuse', 'throw'] as const)(
    'reports and logs the original error as well if the delays cannot be set (%s)',
    async (delay) => {
      const { deliver, error, warn } = setUpHandler({ write, delay })
      expect(await deliver(['1', join])).toEqual(['1'])
      expect(error).toHaveBeenCalledWith(
        expect.stringContaining('event not applied'),
        expect.objectContaining({ error: new Error('no capacity') }),
      )
      expect(warn).toHaveBeenCalledWith(
        expect.stringContaining('delay of failed messages not set'),
        expect.objectContaining({ messages: 1 }),
      )
    },
  )
})
