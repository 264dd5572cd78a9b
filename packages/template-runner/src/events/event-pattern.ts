import { isRecord } from '../is-record.ts'
import { StartupError } from '../startup-error.ts'

/** Whether an event, or a part of it, matches a pattern. */
type Matches = (value: unknown) => boolean

/**
 * Compiles an event pattern of EventBridge: every named field must match, and a list holds the alternatives for a field.
 *
 * @throws StartupError if the pattern contains anything but exact values and `prefix`.
 */
export function compilePattern(pattern: unknown, path = 'EventPattern'): Matches {
  if (!isRecord(pattern) || Object.keys(pattern).length === 0) throw new StartupError(`${path} names no field`)
  const fields = Object.entries(pattern).map(([name, expected]): [string, Matches] => {
    const fieldPath = `${path}.${name}`
    return [
      name,
      Array.isArray(expected) ? compileAlternatives(expected, fieldPath) : compilePattern(expected, fieldPath),
    ]
  })
  return (value) => isRecord(value) && fields.every(([name, matches]) => matchesAny(value[name], matches))
}

/** A field with a list of values matches if one of them does. */
function matchesAny(value: unknown, matches: Matches): boolean {
  return Array.isArray(value) ? value.some(matches) : matches(value)
}

function compileAlternatives(alternatives: readonly unknown[], path: string): Matches {
  if (alternatives.length === 0) throw new StartupError(`${path} has no alternatives`)
  const compiled = alternatives.map((alternative) => compileAlternative(alternative, path))
  return (value) => compiled.some((matches) => matches(value))
}

function compileAlternative(alternative: unknown, path: string): Matches {
  if (typeof alternative !== 'object' || alternative === null) return (value) => value === alternative
  const { prefix, ...others } = { ...alternative } as { prefix?: unknown }
  if (typeof prefix === 'string' && Object.keys(others).length === 0)
    return (value) => typeof value === 'string' && value.startsWith(prefix)
  throw new StartupError(
    `${path}: the local runner emulates exact values and prefix, not ${JSON.stringify(alternative)}`,
  )
}
