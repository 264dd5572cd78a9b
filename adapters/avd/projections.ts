import { PlatformError } from './http.ts'
import { isObject } from './json-fields.ts'

// A JMESPath projection such as `servers[].rooms[]` drops what has no such field, so a server without `rooms` would look
// like a server without open rooms.

/** An element of a projection, and its place in the response. */
export type Projected = { readonly path: string; readonly object: Readonly<Record<string, unknown>> }

type Step = { readonly name: string } | 'elements' | 'flattened_elements' | 'values'

const name = String.raw`(?:[\p{L}_][\p{L}\p{N}_]*|"[^"\\]+"|@)`
const plainPath = new RegExp(
  String.raw`^\s*(?:${name}|\[\*?\]|\*)(?:\s*\|?\s*\[\*?\]|\s*[.|]\s*(?:${name}|\*))*\s*$`,
  'u',
)
const stepPattern = new RegExp(String.raw`${name}|\[\*?\]|\*`, 'gu')

/**
 * Splits a JMESPath expression of names and projections.
 *
 * @returns undefined if it has anything else, such as a filter, which drops elements on purpose.
 */
function toSteps(path: string): readonly Step[] | undefined {
  if (!plainPath.test(path)) return undefined
  return (path.match(stepPattern) ?? []).flatMap((step): Step[] => {
    if (step === '@') return []
    if (step === '[]') return ['flattened_elements']
    if (step === '[*]') return ['elements']
    return step === '*' ? ['values'] : [{ name: step.replaceAll('"', '') }]
  })
}

/**
 * Verifies that the projections of a path drop nothing.
 *
 * @param place of the value in the response, for error messages.
 * @returns the projected objects that the path leads through, without those that it leads to; undefined if the path has more
 * than names and projections.
 * @throws PlatformError 'incomplete' that names what is missing.
 */
export function verifyProjections(value: unknown, path: string, place: string): readonly Projected[] | undefined {
  const steps = toSteps(path)
  return steps && visit({ value, place, isProjected: false }, steps)
}

type Visited = { readonly value: unknown; readonly place: string; readonly isProjected: boolean }

function visit({ value, place, isProjected }: Visited, [step, ...rest]: readonly Step[]): readonly Projected[] {
  const children = step === undefined ? [] : childrenOf(value, place, step)
  if (isProjected && (value === null || value === undefined || children === undefined))
    throw new PlatformError('incomplete', {
      english: `${place} is not what list_paths expect`,
      chinese: `${place} 与 list_paths 不符`,
    })
  if (step === undefined || children === undefined) return []
  const isNamed = typeof step === 'object'
  const own: Projected[] = isProjected && isNamed && isObject(value) ? [{ path: place, object: value }] : []
  return [...own, ...children.flatMap((child) => visit({ ...child, isProjected: isProjected || !isNamed }, rest))]
}

/** @returns undefined if the step does not fit the value. */
function childrenOf(value: unknown, place: string, step: Step): Omit<Visited, 'isProjected'>[] | undefined {
  if (typeof step === 'object' || step === 'values') {
    if (!isObject(value)) return undefined
    const names = step === 'values' ? Object.keys(value) : [step.name]
    return names.map((child) => ({ value: value[child], place: place === '' ? child : `${place}.${child}` }))
  }
  if (!Array.isArray(value)) return undefined
  return value.flatMap((element: unknown, index) => {
    const elementPlace = `${place}[${index}]`
    if (step === 'elements' || !Array.isArray(element)) return [{ value: element, place: elementPlace }]
    return element.map((entry: unknown, inner) => ({ value: entry, place: `${elementPlace}[${inner}]` }))
  })
}
