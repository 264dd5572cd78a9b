import { describe, expect, it } from 'vitest'
import { readFailedMessageIds } from '../../src/polling/partial-response.ts'

const failed = (response: unknown) => readFailedMessageIds(JSON.stringify(response), ['a', 'b'])

describe('readFailedMessageIds', () => {
  it('returns the ids of the reported messages', () => {
    expect(failed({ batchItemFailures: [{ itemIdentifier: 'b' }] })).toEqual(['b'])
  })

  it.each([[null], [{}], [{ batchItemFailures: [] }], [{ batchItemFailures: null }]])(
    'returns no ids for the response %j',
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
  ])('returns all ids for the invalid response %j', (response) => {
    expect(failed(response)).toEqual(['a', 'b'])
  })
})
