import { StartupError } from '../startup-error.ts'

export interface Route<Target> {
  /** The template's route key: `GET /x/{id}`, `ANY /x/{proxy+}` or `$default`. */
  readonly key: string
  readonly method: string
  readonly segments: readonly string[]
  readonly target: Target
}

export interface RouteMatch<Target> {
  readonly route: Route<Target>
  readonly pathParameters: Readonly<Record<string, string>>
}

/** @throws StartupError if the key is not valid for an HTTP API. */
export function readRoute<Target>(key: string, target: Target): Route<Target> {
  if (key === '$default') return { key, method: 'ANY', segments: [], target }
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(key) ?? []
  if (method === undefined || path === undefined) throw new StartupError(`"${key}" is not a route of an HTTP API`)
  return { key, method, segments: path.slice(1).split('/'), target }
}

/**
 * Finds the route that an HTTP API would choose: the most specific path first; for the same path, the route of the
 * method before `ANY`; `$default` last.
 */
export function findRoute<Target>(
  routes: readonly Route<Target>[],
  method: string,
  path: string,
): RouteMatch<Target> | undefined {
  const segments = path.slice(1).split('/')
  const matches = routes.flatMap((route) => {
    if (route.method !== 'ANY' && route.method !== method) return []
    const pathParameters = route.key === '$default' ? {} : matchSegments(route.segments, segments)
    return pathParameters ? [{ route, pathParameters }] : []
  })
  return matches.toSorted((left, right) => compareRanks(rankOf(left.route), rankOf(right.route)))[0]
}

function matchSegments(pattern: readonly string[], actual: readonly string[]): Record<string, string> | undefined {
  const found: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const value = actual[index] ?? ''
    const [, name, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(expected) ?? []
    if (name === undefined) {
      if (value !== expected || index >= actual.length) return undefined
    } else if (greedy) {
      // The value is empty if the path ends with a slash.
      return index < actual.length ? { ...found, [name]: actual.slice(index).join('/') } : undefined
    } else {
      if (value === '') return undefined
      found[name] = value
    }
  }
  return actual.length === pattern.length ? found : undefined
}

/** Ranks are compared element by element; the smaller one is more specific. */
function rankOf({ key, method, segments }: Route<unknown>): number[] {
  if (key === '$default') return [9]
  const kinds = segments.map((segment) => (segment.endsWith('+}') ? 2 : segment.startsWith('{') ? 1 : 0))
  return [...kinds, method === 'ANY' ? 1 : 0]
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
