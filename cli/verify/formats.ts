import type { Parameter } from '../../core/protocol/callback-request.ts'
import { type Cause, cause, type Variant } from './causes.ts'

/** How parameters become the text that is signed. */
export interface Format {
  readonly order: (parameters: readonly Parameter[]) => readonly Parameter[]
  readonly item: (parameter: Parameter) => string
  readonly separator: string
  readonly start: boolean
  readonly end: string
  readonly countsEmpty: boolean
  /** A `check_code` has no value before it is computed. */
  readonly countsCheckCode: boolean
}

/** The format of the document (docs/protocol.md, Rules the document gives). */
export const documentedFormat: Format = {
  order: (parameters) => parameters.toSorted((a, b) => compare(a.name, b.name)),
  item: ({ value }) => value,
  separator: '|',
  start: false,
  end: '',
  countsEmpty: false,
  countsCheckCode: false,
}

export function formatParameters(parameters: readonly Parameter[], format: Format): string {
  const { order, item, separator, start, end, countsEmpty, countsCheckCode } = format
  const counted = parameters.flatMap((parameter) => {
    if (parameter.name === 'check_code') return countsCheckCode ? [{ name: 'check_code', value: '' }] : []
    return parameter.value === '' && !countsEmpty ? [] : [parameter]
  })
  const text = order(counted).map(item).join(separator)
  return `${start ? separator : ''}${text}${end === 'separator' ? separator : end}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

type Change = { readonly change: Partial<Format>; readonly cause: Cause }

const orders: readonly Change[] = [
  order('the parameters are in the order as sent', '参数按发送顺序排列', (parameters) => parameters),
  order('the parameters are in reverse order of their names', '参数按名称倒序排列', (parameters) =>
    parameters.toSorted((a, b) => compare(b.name, a.name)),
  ),
  order('the parameters are in the order of their values', '参数按值排序，而不是按名称', (parameters) =>
    parameters.toSorted((a, b) => compare(a.value, b.value)),
  ),
  order('the names are sorted without regard to case', '参数名排序时忽略了大小写', (parameters) =>
    parameters.toSorted((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase())),
  ),
  order(
    'the names are sorted by a language, not by their characters',
    '参数名按语言规则排序，而不是按字符编码',
    (parameters) => parameters.toSorted((a, b) => a.name.localeCompare(b.name, 'en')),
  ),
  order('the names are sorted without the underscore', '参数名排序时忽略了下划线', (parameters) =>
    parameters.toSorted((a, b) => compare(a.name.replaceAll('_', ''), b.name.replaceAll('_', ''))),
  ),
  order('the parameters are in reverse order as sent', '参数按发送顺序倒序排列', (parameters) =>
    parameters.toReversed(),
  ),
]

const items: readonly Change[] = ['=', ':', '', ' '].map((sign) => ({
  change: { item: ({ name, value }: Parameter) => `${name}${sign}${value}` },
  cause: cause('pairs_signed', `names and values are signed (name${sign}value)`, `签名内容包含参数名（名称${sign}值）`),
}))

const separators: readonly Change[] = [
  ...['&', ',', '', ';', '\n', ' ', '||', ' | ', '%7C', '\t', '-', '_', '+', ':', '/', '#', '.', '\0', '｜', '\\|'],
].map((separator) => ({
  change: { separator },
  cause: cause(
    'separator',
    `the values are joined with ${separator === '' ? 'nothing' : JSON.stringify(separator)} instead of "|"`,
    separator === '' ? '各值之间没有分隔符，应为“|”' : `各值以 ${JSON.stringify(separator)} 连接，而不是“|”`,
  ),
}))

const ends: readonly Change[] = [
  end('the text ends with a separator "|"', '签名内容末尾多了分隔符“|”', { end: 'separator' }),
  end('the text starts with a separator "|"', '签名内容开头多了分隔符“|”', { start: true }),
  end('the text starts and ends with a separator "|"', '签名内容首尾都多了分隔符“|”', {
    start: true,
    end: 'separator',
  }),
  end('the text ends with a line end', '签名内容末尾多了换行符', { end: '\n' }),
  end('the text ends with a line end (CR LF)', '签名内容末尾多了换行符（CR LF）', { end: '\r\n' }),
]

const counted: readonly Change[] = [
  {
    change: { countsEmpty: true },
    cause: cause('empty_counted', 'parameters without a value are counted', '没有值的参数也计入了签名'),
  },
]
const checkCodes: readonly Change[] = [
  {
    change: { countsCheckCode: true, countsEmpty: true },
    cause: cause(
      'check_code_counted',
      'check_code itself is counted, without a value',
      'check_code 自身也以空值计入了签名',
    ),
  },
]

function order(en: string, zh: string, sort: Format['order']): Change {
  return { change: { order: sort }, cause: cause('order', en, zh) }
}

function end(en: string, zh: string, change: Partial<Format>): Change {
  return { change, cause: cause('separator_at_end', en, zh) }
}

/** All formats that deviate in up to three ways, by the number of deviations: none first. */
export const formatsByDeviations: readonly (readonly Variant<Format>[])[] = listFormats()

function listFormats(): Variant<Format>[][] {
  const byCount: Variant<Format>[][] = [[{ value: documentedFormat, causes: [] }], [], [], []]
  for (const changes of [counted, orders, items, separators, ends, checkCodes]) {
    const known = byCount.map((formats) => [...formats])
    for (const [count, formats] of known.entries())
      for (const { value, causes } of formats)
        for (const { change, cause: found } of changes)
          byCount[count + 1]?.push({ value: { ...value, ...change }, causes: [...causes, found] })
  }
  return byCount
}
