import { normalize } from './model/normalize.ts'
import type { ShownState } from './model/shown-state.ts'

const identifiers = ['room_id', 'user_id', 'joined_at', 'exporter_id', 'box_code']

/** Compares the answers of the query API with those of the model. @returns what is wrong, one line each. */
export function compareStates(shown: ShownState, expected: ShownState): string[] {
  const actual = normalize(shown)
  const wanted = normalize(expected)
  return [
    ...compareLists('room', actual.rooms, wanted.rooms),
    ...compareLists('participant', actual.participants, wanted.participants, ['room_id', 'user_id']),
    ...compareLists('session', actual.sessions, wanted.sessions),
    ...compareLists('recording', actual.recordings, wanted.recordings),
    ...compareLists('media server', actual.boxes, wanted.boxes),
  ]
}

function compareLists(
  kind: string,
  actual: readonly object[],
  wanted: readonly object[],
  names: readonly string[] = identifiers,
): string[] {
  const actualByKey = Map.groupBy(actual, (row) => keyOf(row, names))
  const wantedByKey = Map.groupBy(wanted, (row) => keyOf(row, names))
  const keys = new Set([...wantedByKey.keys(), ...actualByKey.keys()])
  return [...keys].flatMap((key) => {
    const found = JSON.stringify(actualByKey.get(key) ?? [])
    const must = JSON.stringify(wantedByKey.get(key) ?? [])
    return found === must ? [] : [`${kind} ${key} is ${found} instead of ${must}`]
  })
}

function keyOf(row: object, names: readonly string[]): string {
  const entries = Object.entries(row).filter(([name, value]) => names.includes(name) && value !== null)
  return entries.map(([, value]) => String(value)).join(' ')
}
