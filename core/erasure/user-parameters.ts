import type { Parameters } from '../protocol/events.ts'

// Only `user_id` is documented. Platforms send further parameters, for example who closed a room.

/** A name without separators, in lower case: `user_id`, `userId` and `USER-ID` are the same. */
function normalize(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '')
}

/** What the names of parameters with a user id begin with, and end with if it is more than that. */
const userName =
  /^(?:(.*user)(?:id)|()uid|(operator|owner|creator|moderator|host|speaker|presenter|member|account|admin|kicker)(?:id|uid|userid)?)$/

/** Returns the role that a name gives to a user, such as `user` or `operator`; undefined if it names no user. */
function roleOf(name: string): string | undefined {
  const found = userName.exec(normalize(name))
  if (found === null) return undefined
  return found[1] ?? found[3] ?? 'user'
}

/** Whether a parameter of this name holds a user id. */
export function isUserParameter(name: string): boolean {
  return roleOf(name) !== undefined
}

/** Whether a name is that of the user about whom an event is. */
export function namesSubject(name: string): boolean {
  return roleOf(name) === 'user'
}

/** Finds the parameters whose value is an id that matches. */
export function findUserParameters(params: Parameters, matches: (userId: string) => boolean): string[] {
  return Object.entries(params).flatMap(([name, value]) => (isUserParameter(name) && matches(value) ? [name] : []))
}

/** Finds the parameters that hold the display names of the users in these parameters, such as `user_name` with `user_id`. */
export function findDisplayNames(params: Parameters, userParameters: readonly string[]): string[] {
  const roles = userParameters.flatMap((name) => roleOf(name) ?? [])
  const names = new Set(roles.flatMap((role) => [`${role}name`, `${role}nickname`, `${role}displayname`]))
  if (roles.includes('user')) for (const name of ['nickname', 'displayname']) names.add(name)
  return Object.keys(params).filter((name) => names.has(normalize(name)))
}
