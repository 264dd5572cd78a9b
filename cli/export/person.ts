import { createEventClassifier, type LogItem } from '../../adapters/dynamodb/user-data/classify-event.ts'
import { createStateClassifier, type StateItem } from '../../adapters/dynamodb/user-data/classify-state.ts'
import { scanEventLog, scanState } from '../../adapters/dynamodb/user-data/search-tables.ts'
import { presentUserSession } from '../../core/presentation/session-presenter.ts'
import { parseJson } from '../../core/protocol/parse-json.ts'
import type { UserTables } from '../erase/search-user.ts'
import type { ExportPlan, TextChunk } from './plan.ts'
import type { ExportRequest } from './sources.ts'

const pageLimit = 1_000

/**
 * Plans the export of everything that is stored about one person, as lines of JSON with a `kind`: the sessions, and what `erase` would
 * find in both tables. Other events that name the person are included as they are.
 */
export function planPerson(
  { client, eventLogTable, stateTable }: UserTables,
  request: ExportRequest,
  userId: string,
): ExportPlan {
  const { readers, now, signal } = request
  const query = { userId, at: now }

  async function* readSessions() {
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof readers.sessions.listByUser>> = await readers.sessions.listByUser(
        userId,
        { limit: pageLimit, cursor },
        signal,
      )
      yield page.items.map((row) => ({ kind: 'session', ...presentUserSession(row) }))
      cursor = page.cursor
    } while (cursor !== null)
  }

  async function* readLog() {
    const classify = createEventClassifier(query)
    for await (const { items } of scanEventLog<LogItem>({ client, tableName: eventLogTable, signal }, userId))
      yield items.flatMap((item) => {
        const found = classify(item)
        if (found === undefined) return []
        const kind = found.action === 'delete' ? 'event' : found.action === 'mention' ? 'mention' : 'other_event'
        return [{ kind: item.quarantined === undefined ? kind : 'quarantined', ...presentLogItem(item) }]
      })
  }

  async function* readState() {
    const classify = createStateClassifier(query, undefined)
    for await (const { items } of scanState<StateItem>({ client, tableName: stateTable, signal }, userId))
      yield items.flatMap((item): object[] => {
        const found = classify(item)
        if (found === undefined) return []
        if (found.action === 'mention') return [{ kind: 'recording', ...item }]
        if (found.action === 'delete' && found.kind === 'directory') return [{ kind: 'directory', ...item }]
        if (found.action !== 'delete' || found.kind !== 'refused_samples') return []
        return [{ kind: 'refused_callback', ...item, content: parseJson(item.content ?? '') }]
      })
  }

  return {
    header: '',
    titles: [],
    async *read() {
      for (const source of [readSessions(), readLog(), readState()])
        for await (const rows of source) yield toChunk(rows)
    },
  }
}

/** The export is short, and is read again as a whole if it was stopped. */
function toChunk(rows: readonly object[]): TextChunk {
  return { texts: rows.map((row) => `${JSON.stringify(row)}\n`), rows: rows.length, place: null }
}

function presentLogItem({ trace_id, event, received_at, source, params, quarantined, body }: LogItem) {
  return {
    trace_id,
    event,
    received_at: new Date(received_at).toISOString(),
    source,
    params: params === undefined ? undefined : parseJson(params),
    quarantined,
    body,
  }
}
