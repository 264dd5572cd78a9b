import { normalize, type RosterEntry } from './parse-roster.ts'

export type Attendee = { readonly user_id: string; readonly user_name: string | null }

export type RosterComparison = {
  /** People on the roster: lines, without repetitions of the same id. */
  readonly listed: number
  /** Those of the roster who attended, in the order of the roster. */
  readonly attended: readonly Attendee[]
  /** Lines of the roster that match no participant. */
  readonly missing: readonly string[]
  /** Lines to which several people may belong, or which stand several times for fewer people. */
  readonly ambiguous: readonly {
    readonly text: string
    readonly listed: number
    readonly people: readonly Attendee[]
  }[]
  /** Those who attended without being on the roster. */
  readonly additional: readonly Attendee[]
}

type Group = { readonly text: string; listed: number; readonly people: readonly Attendee[]; readonly isById: boolean }

/**
 * Compares a roster with those who attended. A line belongs to the people whose id or name is one of its cells, whatever
 * the case and width; if it has both, to those with both.
 */
export function compareRoster(roster: readonly RosterEntry[], attendees: readonly Attendee[]): RosterComparison {
  const groups = groupEntries(roster, attendees)
  const attended = new Map<string, Attendee>()
  const missing: string[] = []
  const ambiguous: Group[] = []
  for (const group of groups) {
    const [person] = group.people
    if (person === undefined) missing.push(...Array.from({ length: group.listed }, () => group.text))
    else if (group.people.length === group.listed) for (const one of group.people) attended.set(one.user_id, one)
    else ambiguous.push(group)
  }
  const mentioned = new Set(groups.flatMap(({ people }) => people.map(({ user_id }) => user_id)))
  return {
    listed: groups.reduce((sum, { listed }) => sum + listed, 0),
    attended: [...attended.values()],
    missing,
    ambiguous: ambiguous.map(({ text, listed, people }) => ({ text, listed, people })),
    additional: attendees.filter(({ user_id }) => !mentioned.has(user_id)),
  }
}

/** Lines of the same people are one group. An id that is repeated counts once, a name that is repeated as another person. */
function groupEntries(roster: readonly RosterEntry[], attendees: readonly Attendee[]): Group[] {
  const byId = Map.groupBy(attendees, ({ user_id }) => normalize(user_id))
  const byName = Map.groupBy(
    attendees.filter(({ user_name }) => user_name !== null),
    ({ user_name }) => normalize(user_name ?? ''),
  )
  const groups = new Map<string, Group>()
  for (const { text, cells } of roster) {
    const keys = cells.map(normalize)
    const withId = keys.flatMap((key) => byId.get(key) ?? [])
    const withName = keys.flatMap((key) => byName.get(key) ?? [])
    const withBoth = withId.filter((person) => withName.includes(person))
    const people = [...new Set(withBoth.length > 0 ? withBoth : [...withId, ...withName])]
    const isById = withId.length > 0
    const groupKey =
      people.length === 0 ? `text ${keys.join('\n')}` : JSON.stringify(people.map(({ user_id }) => user_id).sort())
    const group = groups.get(groupKey)
    if (group === undefined) groups.set(groupKey, { text, listed: 1, people, isById })
    else if (!isById && !group.isById) group.listed += 1
  }
  return [...groups.values()]
}
