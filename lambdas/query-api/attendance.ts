import type { Page, PageRequest } from '../../core/ports/page.ts'
import type { SessionRow } from '../../core/ports/session-reader.ts'
import { sessionsCsv } from './csv.ts'
import type { Result } from './http-response.ts'
import type { presentSession } from './presenters.ts'

/** Of one table: rows, characters of them as JSON, and ms to gather them; whoever wants more goes on at the cursor. */
const most = { rows: 10_000, characters: 3_000_000, ms: 5_000 }

/** A page; for a table, where nobody asked for pages, as many as fit. */
export async function pageFor<Row>(
  read: (page: PageRequest) => Promise<Page<Row>>,
  page: PageRequest,
  format: 'json' | 'csv',
  limited: boolean,
): Promise<Page<Row>> {
  if (format === 'json' || limited) return read(page)
  const items: Row[] = []
  const began = performance.now()
  let characters = 0
  let cursor = page.cursor
  do {
    const next = await read({ limit: 1000, cursor })
    items.push(...next.items)
    characters += JSON.stringify(next.items).length
    cursor = next.cursor
  } while (
    cursor !== null &&
    items.length < most.rows &&
    characters < most.characters &&
    performance.now() - began < most.ms
  )
  return { items, cursor }
}

/** Attendance as a table. */
export function attendance<Row extends SessionRow>(
  { items, cursor }: Page<Row>,
  name: string,
  header: boolean,
  toAnswer: (row: Row) => ReturnType<typeof presentSession>,
): Result {
  const room = name === 'attendance-user'
  return { csv: sessionsCsv(items.map(toAnswer), { header, room }), fileName: `${name}.csv`, cursor }
}
