import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import pMap from 'p-map'
import type { Absence, SentCorrection, Sighting, SweepFindings } from '../../core/reconciliation/findings.ts'
import { requestOptions } from '../request-options.ts'
import { buildPrefixQuery, queryAll } from './query.ts'
import { sweepGroup as group } from './sweep-status.ts'

// Everything on a platform can differ, so the findings may need several items. They are written as a new generation, which
// becomes valid when the sweep's status names it.

export type PresenceFindings = Pick<SweepFindings, 'absences' | 'sightings'>

/** `text`: a JSON array of packed findings. `expires_at`: seconds since 1970. */
type FindingItem = { readonly item: string; readonly text: string; readonly expires_at: number }

type PackedSent = [] | [traceId: string, at: number]
type PackedFinding =
  | [kind: 'absence', key: string, firstAt: number, since: number, ...PackedSent]
  | [kind: 'sighting', key: string, changedAt: number, ...PackedSent]

/** An item can hold 400 KB. */
const maxTextBytes = 300_000
/** Findings that no sweep has renewed for a day are obsolete. */
const ttlSeconds = 86_400
const writeConcurrency = 4

const allGenerations = 'findings/'
const prefixOf = (generation: string) => `${allGenerations}${generation}/`

/** @param now ms since 1970. */
export async function readFindings(
  client: DynamoDBDocumentClient,
  stateTable: string,
  { generation, now }: { readonly generation: string | undefined; readonly now: number },
  signal?: AbortSignal,
): Promise<PresenceFindings> {
  const absences = new Map<string, Absence>()
  const sightings = new Map<string, Sighting>()
  if (generation === undefined) return { absences, sightings }
  for (const { text, expires_at } of await queryItems(client, stateTable, prefixOf(generation), signal)) {
    if (expires_at * 1000 < now) continue
    for (const packed of JSON.parse(text) as PackedFinding[])
      if (packed[0] === 'absence') {
        const [, key, first_at, since, ...sent] = packed
        absences.set(key, { first_at, since, ...unpackSent(sent) })
      } else {
        const [, key, changed_at, ...sent] = packed
        sightings.set(key, { changed_at, ...unpackSent(sent) })
      }
  }
  return { absences, sightings }
}

/** @param now ms since 1970. */
export async function writeFindings(
  client: DynamoDBDocumentClient,
  stateTable: string,
  {
    generation,
    findings,
    now,
  }: { readonly generation: string; readonly findings: PresenceFindings; readonly now: number },
  signal?: AbortSignal,
): Promise<void> {
  const expires_at = Math.ceil(now / 1000) + ttlSeconds
  await pMap(
    encodeInChunks(findings).entries(),
    async ([index, text]) => {
      const Item = { group, item: `${prefixOf(generation)}${index}`, text, expires_at }
      await client.send(new PutCommand({ TableName: stateTable, Item }), requestOptions(signal))
    },
    { concurrency: writeConcurrency },
  )
}

export async function deleteOtherGenerations(
  client: DynamoDBDocumentClient,
  stateTable: string,
  generation: string,
  signal?: AbortSignal,
): Promise<void> {
  for (const { item } of await queryItems(client, stateTable, allGenerations, signal))
    if (!item.startsWith(prefixOf(generation)))
      await client.send(new DeleteCommand({ TableName: stateTable, Key: { group, item } }), requestOptions(signal))
}

/** Whether a sweep found nothing else than the one before. It keeps the objects of findings that have not changed. */
export function hasSameFindings(one: PresenceFindings, other: PresenceFindings): boolean {
  return isSameMap(one.absences, other.absences) && isSameMap(one.sightings, other.sightings)
}

function isSameMap<Value>(one: ReadonlyMap<string, Value>, other: ReadonlyMap<string, Value>): boolean {
  return one.size === other.size && one.entries().every(([key, value]) => other.get(key) === value)
}

function queryItems(
  client: DynamoDBDocumentClient,
  stateTable: string,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<FindingItem[]> {
  return queryAll<FindingItem>(client, { ...buildPrefixQuery(stateTable, group, prefix), ConsistentRead: true }, signal)
}

function encodeInChunks({ absences, sightings }: PresenceFindings): string[] {
  const texts: string[] = []
  let chunk: string[] = []
  let bytes = 0
  const add = (packed: PackedFinding) => {
    const text = JSON.stringify(packed)
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
  for (const [key, { first_at, since, sent }] of absences) add(['absence', key, first_at, since, ...packSent(sent)])
  for (const [key, { changed_at, sent }] of sightings) add(['sighting', key, changed_at, ...packSent(sent)])
  return chunk.length === 0 ? texts : [...texts, `[${chunk.join()}]`]
}

function packSent(sent: SentCorrection | undefined): PackedSent {
  return sent === undefined ? [] : [sent.trace_id, sent.at]
}

function unpackSent([trace_id, at]: PackedSent): { sent?: SentCorrection } {
  return trace_id === undefined || at === undefined ? {} : { sent: { trace_id, at } }
}
