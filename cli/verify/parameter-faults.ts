import type { Parameter } from '../../core/protocol/callback-request.ts'
import { isDocumented } from '../../core/protocol/documented-parameters.ts'
import { findSimilarName } from '../../core/protocol/likely-cause.ts'
import { documentedValues, eventDescriptions } from '../documented-events.ts'
import { type Cause, cause, type Variant } from './causes.ts'
import { describeChange, emptyTexts, valueChanges } from './value-changes.ts'

type Parameters = readonly Parameter[]

const requiredNames = [
  ...new Set([
    'event',
    'trace_id',
    'user_name',
    ...Object.values(eventDescriptions).flatMap(({ required }) => required),
  ]),
]

/** With more parameters only few faults are tried: the work grows with the square of their number. */
const maxParameters = 40
/** Characters. Longer values are not changed. */
const maxChangedLength = 20_000

/** What may have happened to the parameters after they were signed, in one place each; simple explanations first. */
export function* listParameterFaults(parameters: Parameters): Generator<Variant<Parameters>> {
  const signed = parameters.filter(({ name }) => name !== 'check_code')
  if (signed.length > maxParameters) return
  yield* listUnsigned(signed)
  yield* listValueChanges(signed)
  yield* listMissing(signed)
  yield* listRenamed(signed)
  yield* listSwapped(signed)
}

/** Pairs of parameters that were not signed. */
export function* listTwoUnsigned(parameters: Parameters): Generator<Variant<Parameters>> {
  const signed = parameters.filter(({ name, value }) => name !== 'check_code' && value !== '')
  if (signed.length > maxParameters) return
  for (const first of listUnsigned(signed))
    for (const second of listUnsigned(first.value))
      yield { value: second.value, causes: [...first.causes, ...second.causes] }
}

function* listUnsigned(signed: Parameters): Generator<Variant<Parameters>> {
  const inOrder = [
    ...signed.filter(({ name }) => !isDocumented(name)),
    ...signed.filter(({ name }) => isDocumented(name)),
  ]
  for (const dropped of inOrder) {
    const { name, value } = dropped
    if (value === '') continue
    const found = isDocumented(name)
      ? cause('parameter_not_signed', `the parameter ${name} is not signed`, `参数 ${name} 未计入签名`, name)
      : cause(
          'parameter_extra',
          `the extra parameter ${name}, which may come from the callback URL, is not signed`,
          `多余的参数 ${name} 未计入签名，它可能来自回调地址`,
          name,
        )
    yield { value: signed.filter((parameter) => parameter !== dropped), causes: [found] }
  }
}

function* listValueChanges(signed: Parameters): Generator<Variant<Parameters>> {
  const isShort = signed.every(({ value }) => value.length <= maxChangedLength)
  for (const change of valueChanges) {
    const apply = ({ name, value }: Parameter) => ({
      name,
      value: value === '' ? value : (change.apply(value) ?? value),
    })
    const all = isShort ? signed.map(apply) : signed
    const affected = signed.filter(({ value }, index) => all[index]?.value !== value)
    for (const { name } of affected) {
      const value = signed.map((parameter, index) => (parameter.name === name ? (all[index] ?? parameter) : parameter))
      yield { value, causes: [describeChange(change, name)] }
    }
    if (affected.length > 1) yield { value: all, causes: [describeChange(change, undefined)] }
  }
  for (const [name, values] of Object.entries(documentedValues)) yield* listOtherValues(signed, name, values)
  for (const { name, value } of signed) if (value === '') yield* listOtherValues(signed, name, emptyTexts)
}

function* listOtherValues(signed: Parameters, name: string, values: readonly string[]): Generator<Variant<Parameters>> {
  if (!signed.some((parameter) => parameter.name === name)) return
  for (const value of values) {
    const quoted = JSON.stringify(value)
    yield {
      value: signed.map((parameter) => (parameter.name === name ? { name, value } : parameter)),
      causes: [cause('value_changed', `${name} was signed as ${quoted}`, `${name} 在签名时是 ${quoted}`, name)],
    }
  }
}

/** Only a parameter whose values are known can be found. */
function* listMissing(signed: Parameters): Generator<Variant<Parameters>> {
  for (const [name, values] of Object.entries(documentedValues)) {
    if (signed.some((parameter) => parameter.name === name && parameter.value !== '')) continue
    for (const value of values) {
      const en = `the parameter ${name} is missing; it was signed as ${JSON.stringify(value)}`
      const zh = `缺少参数 ${name}，它在签名时是 ${JSON.stringify(value)}`
      yield { value: [...signed, { name, value }], causes: [cause('parameter_missing', en, zh, name)] }
    }
  }
}

/** A parameter whose name resembles that of a documented one, which is missing. */
export function* listMisnamed(parameters: Parameters): Generator<Variant<Parameters>> {
  const absent = requiredNames.filter((name) => !parameters.some((parameter) => parameter.name === name))
  if (parameters.length > maxParameters) return
  for (const [index, { name, value }] of parameters.entries()) {
    const meant = isDocumented(name) ? undefined : findSimilarName(absent, name)
    if (meant === undefined) continue
    yield { value: parameters.with(index, { name: meant, value }), causes: [describeMisnamed(name, meant)] }
  }
}

function describeMisnamed(name: string, meant: string): Cause {
  const en = `the parameter ${name} was signed as ${meant}`
  return cause('parameter_renamed', en, `参数 ${name} 在签名时的名称是 ${meant}`, name)
}

/** A parameter that was signed under another name is at another place. */
function* listRenamed(signed: Parameters): Generator<Variant<Parameters>> {
  const sorted = signed.filter(({ value }) => value !== '').toSorted((a, b) => (a.name < b.name ? -1 : 1))
  for (const [from, moved] of sorted.entries()) {
    const others = sorted.toSpliced(from, 1)
    for (let to = 0; to <= others.length; to++) {
      if (to === from) continue
      const place = { before: others[to - 1]?.name, after: others[to]?.name }
      // A name that sorts right behind the one before it.
      const name = place.before === undefined ? '' : `${place.before}\0`
      const value = others.toSpliced(to, 0, { name, value: moved.value })
      yield { value, causes: [describeRenamed(moved.name, place)] }
    }
  }
}

type Place = { readonly before: string | undefined; readonly after: string | undefined }

function describeRenamed(name: string, { before, after }: Place): Cause {
  const en = [before && `after ${before}`, after && `before ${after}`].filter(Boolean).join(' and ')
  const zh = [before && `${before} 之后`, after && `${after} 之前`].filter(Boolean).join('、')
  return cause(
    'parameter_renamed',
    `the parameter ${name} was signed under another name, which sorts ${en}`,
    `参数 ${name} 在签名时使用了另一个名称，排序位于 ${zh}`,
    name,
  )
}

function* listSwapped(signed: Parameters): Generator<Variant<Parameters>> {
  for (const [index, left] of signed.entries())
    for (const right of signed.slice(index + 1)) {
      const swap = (parameter: Parameter) => {
        if (parameter === left) return { name: left.name, value: right.value }
        return parameter === right ? { name: right.name, value: left.value } : parameter
      }
      const en = `the values of ${left.name} and ${right.name} are exchanged`
      const zh = `${left.name} 与 ${right.name} 的值颠倒了`
      yield { value: signed.map(swap), causes: [cause('value_swapped', en, zh, left.name)] }
    }
}
