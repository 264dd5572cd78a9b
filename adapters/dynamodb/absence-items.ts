import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import { type Absence, type AbsenceTracker, noAbsences } from '../../core/reconciliation/presence.ts'
import { requestOptions } from '../request-options.ts'
import { buildPrefixQuery, queryAll } from './query.ts'
import { sweepGroup as group } from './sweep-status.ts'

// Every room of a platform can be missing, so absences may need several items. They are written as a new generation, which
// becomes valid when the sweep's status names it.

/** `text`: a JSON array of absences with their keys. */
type AbsenceItem = { readonly item: string; readonly text: string }

/** An item can hold 400 KB. */
const maxTextBytes = 300_000
/** Absences that no sweep has used for a day are obsolete. */
const ttlSeconds = 86_400

const allGenerations = 'absences/'
const prefixOf = (generation: string) => `${allGenerations}${generation}/`

export async function readAbsences(
  client: DynamoDBDocumentClient,
  stateTable: string,
  generation: string | undefined,
  signal?: AbortSignal,
): Promise<AbsenceTracker> {
  if (generation === undefined) return noAbsences
  const entries: [string, Absence][] = []
  for (const { text } of await queryAbsenceItems(client, stateTable, prefixOf(generation), signal))
    entries.push(...JSON.parse(text))
  return new Map(entries)
}

export async function writeAbsences(
  client: DynamoDBDocumentClient,
  stateTable: string,
  /** `now`: ms since 1970. */
  {
    generation,
    absences,
    now,
  }: { readonly generation: string; readonly absences: AbsenceTracker; readonly now: number },
  signal?: AbortSignal,
): Promise<void> {
  const expires_at = Math.ceil(now / 1000) + ttlSeconds
  for (const [index, text] of encodeInChunks(absences).entries()) {
    const Item = { group, item: `${prefixOf(generation)}${index}`, text, expires_at }
    await client.send(new PutCommand({ TableName: stateTable, Item }), requestOptions(signal))
  }
}

export async function deleteOtherGenerations(
  client: DynamoDBDocumentClient,
  stateTable: string,
  generation: string,
  signal?: AbortSignal,
): Promise<void> {
  for (const { item } of await queryAbsenceItems(client, stateTable, allGenerations, signal))
    if (!item.startsWith(prefixOf(generation)))
      await client.send(new DeleteCommand({ TableName: stateTable, Key: { group, item } }), requestOptions(signal))
}

function queryAbsenceItems(
  client: DynamoDBDocumentClient,
  stateTable: string,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<AbsenceItem[]> {
  return queryAll<AbsenceItem>(client, { ...buildPrefixQuery(stateTable, group, prefix), ConsistentRead: true }, signal)
}

function encodeInChunks(absences: AbsenceTracker): string[] {
  const texts: string[] = []
  let chunk: string[] = []
  let bytes = 0
  for (const entry of absences) {
    const text = JSON.stringify(entry)
    const textBytes = Buffer.byteLength(text)
    if (bytes + textBytes > maxTextBytes) {
      texts.push(`[${chunk.join()}]`)
      chunk = []
      bytes = 0
    }
    chunk.push(text)
    // Including the comma.
    bytes += textBytes + 1
  }
  return chunk.length === 0 ? texts : [...texts, `[${chunk.join()}]`]
}
