import { isRecord } from '../is-record.ts'
import { StartupError } from '../startup-error.ts'

/** The lookups that intrinsic functions need. */
export interface Scope {
  ref(name: string): unknown
  attribute(logicalId: string, name: string): unknown
  condition(name: string): boolean
  mapping(map: string, topLevelKey: string, secondLevelKey: string): unknown
}

/** The value of `AWS::NoValue`: the property or list item is omitted. */
export const noValue: unique symbol = Symbol('AWS::NoValue')

type Intrinsic = (argument: unknown, scope: Scope) => unknown

/** Replaces every intrinsic function within a template value by its result. @throws StartupError if one is unsupported. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter((item) => item !== noValue)
  if (!isRecord(value)) return value
  const [first, ...others] = Object.entries(value)
  if (first && others.length === 0 && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
    const intrinsic = intrinsics[first[0]]
    if (!intrinsic) throw new StartupError(`the template uses ${first[0]}, which the local runner does not support`)
    return intrinsic(first[1], scope)
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, resolve(item, scope)] as const)
      .filter(([, item]) => item !== noValue),
  )
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => scope.ref(expectText(argument, 'Ref')),
  'Fn::GetAtt': (argument, scope) => {
    const [logicalId, ...name] = typeof argument === 'string' ? argument.split('.') : expectList(argument, 'Fn::GetAtt')
    return scope.attribute(
      expectText(logicalId, 'Fn::GetAtt'),
      name.map((part) => expectText(part, 'Fn::GetAtt')).join('.'),
    )
  },
  'Fn::Join': (argument, scope) => {
    const [separator, items] = expectList(argument, 'Fn::Join')
    const parts = expectList(resolve(items, scope), 'Fn::Join').map((item) => expectText(item, 'Fn::Join'))
    return parts.join(expectText(separator, 'Fn::Join'))
  },
  'Fn::Sub': substitute,
  'Fn::Select': (argument, scope) => {
    const [index, items] = expectList(resolve(argument, scope), 'Fn::Select')
    const chosen = expectList(items, 'Fn::Select')[Number(index)]
    if (chosen === undefined) throw new StartupError(`Fn::Select: the list has no item ${String(index)}`)
    return chosen
  },
  'Fn::Split': (argument, scope) => {
    const [separator, source] = expectList(resolve(argument, scope), 'Fn::Split')
    return expectText(source, 'Fn::Split').split(expectText(separator, 'Fn::Split'))
  },
  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, whenFalse] = expectList(argument, 'Fn::If')
    return resolve(scope.condition(expectText(condition, 'Fn::If')) ? whenTrue : whenFalse, scope)
  },
  'Fn::FindInMap': (argument, scope) => {
    const [map, top, second] = expectList(resolve(argument, scope), 'Fn::FindInMap')
    return scope.mapping(
      expectText(map, 'Fn::FindInMap'),
      expectText(top, 'Fn::FindInMap'),
      expectText(second, 'Fn::FindInMap'),
    )
  },
}

function substitute(argument: unknown, scope: Scope): string {
  const [pattern, variables] = typeof argument === 'string' ? [argument, {}] : expectList(argument, 'Fn::Sub')
  const own = isRecord(variables) ? variables : {}
  return expectText(pattern, 'Fn::Sub').replace(/\$\{(!?)([^}]*)\}/g, (_whole, literal: string, name: string) => {
    if (literal) return `\${${name}}`
    if (Object.hasOwn(own, name)) return expectText(resolve(own[name], scope), 'Fn::Sub')
    const [logicalId = '', ...attribute] = name.split('.')
    return expectText(
      attribute.length === 0 ? scope.ref(name) : scope.attribute(logicalId, attribute.join('.')),
      'Fn::Sub',
    )
  })
}

function expectList(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new StartupError(`${where}: expected a list, found ${JSON.stringify(value)}`)
  return value
}

function expectText(value: unknown, where: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new StartupError(`${where}: expected a string, found ${JSON.stringify(value) ?? String(value)}`)
}
