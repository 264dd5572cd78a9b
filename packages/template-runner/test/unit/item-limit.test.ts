import { describe, expect, it } from 'vitest'
import { createAdminCall } from '../../src/endpoint/aws-call.ts'
import { putsTooLargeItem } from '../../src/services/item-limit.ts'

/** An item of this size in bytes, most of them in Chinese characters of three bytes. */
function createItem(bytes: number) {
  const rest = bytes - 'id'.length - 'a'.length - 'text'.length
  return { id: { S: 'a' }, text: { S: '王'.repeat(Math.floor(rest / 3)) + 'x'.repeat(rest % 3) } }
}
const isTooLarge = (action: string, input: object) =>
  putsTooLargeItem(createAdminCall('dynamodb', action, 'us-east-1', input))
const [largest, tooLarge] = [createItem(409_600), createItem(409_601)]

describe('putsTooLargeItem', () => {
  it('is true for a put of an item of more than 400 KB, counted in bytes', () => {
    expect(isTooLarge('PutItem', { Item: largest })).toBe(false)
    expect(isTooLarge('PutItem', { Item: tooLarge })).toBe(true)
  })

  it('is true for a batch and a transaction with such an item', () => {
    const batch = { RequestItems: { Table: [{ PutRequest: { Item: largest } }, { PutRequest: { Item: tooLarge } }] } }
    expect(isTooLarge('BatchWriteItem', batch)).toBe(true)
    const transaction = { TransactItems: [{ Delete: {} }, { Put: { Item: tooLarge } }] }
    expect(isTooLarge('TransactWriteItems', transaction)).toBe(true)
  })

  it('counts sets', () => {
    const Item = { id: { S: 'a' }, set: { SS: ['王'.repeat(130_000), '王'.repeat(10_000)] } }
    expect(isTooLarge('PutItem', { Item })).toBe(true)
  })

  const text = 'x'.repeat(500_000)
  it.each([{}, { Item: null }, { Item: [text] }, { Item: text }, { Item: { id: text } }])(
    'is false for input without an item: the engine rejects it',
    (input) => {
      expect(isTooLarge('PutItem', input)).toBe(false)
    },
  )
})
