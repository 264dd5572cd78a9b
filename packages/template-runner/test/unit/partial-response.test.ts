import { describe, expect, it } from 'vitest'
import { failedMessages } from '../../src/polling/partial-response.ts'

const failed = (response: unknown) => failedMessages(JSON.stringify(response), ['a', 'b'])

describe('A partial batch response', () => {
  it('fails the messages that it names', () => {
    expect(failed({ batchItemFailures: [{ itemIdentifier: 'b' }] })).toEqual(['b'])
  })

  it.each([[null], [{}], [{ batchItemFailures: [] }], [{ batchItemFailures: null }]])(
    'fails none with %j',
    (response) => {
      expect(failed(response)).toEqual([])
    },
  )

  it.each([
    [{ batchItemFailures: [{ itemIdentifier: '' }] }],
    [{ batchItemFailures: [{ itemIdentifier: null }] }],
    [{ batchItemFailures: [{ messageId: 'a' }] }],
    [{ batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'unknown' }] }],
    [{ batchItemFailures: 'a' }],
    ['done'],
  ])('fails all with %j', (response) => {
    expect(failed(response)).toEqual(['a', 'b'])
  })
})
