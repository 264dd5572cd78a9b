import { z } from 'zod'

// The response shapes of docs/contract.md, section 6. They validate every JSON response and define the OpenAPI document.

export const time = z.iso
  .datetime({ precision: 3 })
  .meta({ id: 'Time', description: 'ISO 8601, UTC, with milliseconds' })
export const nullableTime = time.nullable()
export const text = z.string()
export const nullableText = text.nullable()
export const count = z.int().min(0)

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({
    items: z.array(item),
    cursor: nullableText.describe('Cursor of the next page; null on the last page'),
  })
