import type { Page, PageRequest } from '../../core/ports/page.ts'
import { maxCsvReadMs } from './budgets.ts'

/** Limits of one CSV response, with `maxCsvReadMs`; clients continue with the cursor. */
const csvLimits = { maxRows: 10_000, maxJsonBytes: 3_000_000 }

/** Rows of one file of meetings or attendance, whose rows are short. A workbook of this size takes about a second. */
export const maxFileRows = { csv: csvLimits.maxRows, xlsx: 5_000 } as const

type ListRequest = PageRequest & { readonly format: 'json' | 'csv' }

/** Reads one page or, for CSV without `limit`, all rows up to the limits of a file. */
export async function readRows<Row>(
  readPage: (request: PageRequest) => Promise<Page<Row>>,
  { format, limit, cursor: firstCursor }: ListRequest,
  hasLimit: boolean,
): Promise<Page<Row>> {
  if (format === 'json' || hasLimit) return readPage({ limit, cursor: firstCursor })
  const items: Row[] = []
  const startedAt = performance.now()
  let jsonBytes = 0
  let cursor = firstCursor
  do {
    const page = await readPage({ limit: 1000, cursor })
    items.push(...page.items)
    jsonBytes += Buffer.byteLength(JSON.stringify(page.items))
    cursor = page.cursor
  } while (
    cursor !== null &&
    items.length < csvLimits.maxRows &&
    jsonBytes < csvLimits.maxJsonBytes &&
    performance.now() - startedAt < maxCsvReadMs
  )
  return { items, cursor }
}
