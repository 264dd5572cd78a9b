import type { sessionAnswer } from './answers.ts'
import { sessionsCsv } from './csv.ts'
import type { Result } from './http-answers.ts'
import type { Page, PageRequest, SessionRow } from './readers.ts'

/** Rows that one table takes at a time: some 2 MB. */
const rowsOfTable = 10_000

/** A page; for a table, where nobody asked for pages, as many as fit. */
export async function pageFor<Row>(
  read: (page: PageRequest) => Promise<Page<Row>>,
  page: PageRequest,
  format: 'json' | 'csv',
  limited: boolean,
): Promise<Page<Row>> {
  if (format === 'json' || limited) return read(page)
  const items: Row[] = []
  let cursor = page.cursor
  do {
    const next = await read({ limit: 1000, cursor })
    items.push(...next.items)
    cursor = next.cursor
  } while (cursor !== null && items.length < rowsOfTable)
  return { items, cursor }
}

/** Attendance as a table. */
export function attendance<Row extends SessionRow>(
  { items, cursor }: Page<Row>,
  name: string,
  header: boolean,
  toAnswer: (row: Row) => ReturnType<typeof sessionAnswer>,
): Result {
  const room = name === 'attendance-user'
  return { csv: sessionsCsv(items.map(toAnswer), { header, room }), fileName: `${name}.csv`, cursor }
}
