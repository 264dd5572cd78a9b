import { type CauseCode, cause } from './causes.ts'

/** Changes a value; returns it as it is, or undefined, if the change does not apply. */
type Change = (value: string) => string | undefined

type NamedChange = {
  readonly code: Extract<CauseCode, `value_${string}`>
  readonly en: string
  readonly zh: string
  readonly apply: Change
}

/** @param name undefined if all values were changed alike. */
export function describeChange({ code, en, zh }: NamedChange, name: string | undefined) {
  const subject =
    name === undefined ? { en: 'each value', zh: '每个值' } : { en: `the value of ${name}`, zh: `${name} 的值` }
  return cause(code, `${subject.en} ${en}`, `${subject.zh}${zh}`, name)
}

function changed(en: string, zh: string, apply: Change): NamedChange {
  return { code: 'value_changed', en, zh, apply }
}

/** How the value that the platform signed may follow from the one that arrived. */
export const valueChanges: readonly NamedChange[] = [
  changed('has "+" where the platform signed a space', '中的“+”在签名时是空格', (value) => value.replaceAll('+', ' ')),
  changed('has a space where the platform signed "+"', '中的空格在签名时是“+”', (value) => value.replaceAll(' ', '+')),
  {
    code: 'value_encoded_twice',
    en: 'was percent-encoded twice on the way; the platform signed the decoded text',
    zh: '在传输中被重复 URL 编码，平台签名的是解码后的内容',
    apply: (value) => decode(value, decodeURIComponent),
  },
  {
    code: 'value_encoded_twice',
    en: 'was form-encoded twice on the way; the platform signed the decoded text',
    zh: '在传输中被重复表单编码，平台签名的是解码后的内容',
    apply: (value) => decode(value.replaceAll('+', ' '), decodeURIComponent),
  },
  {
    code: 'value_decoded_too_often',
    en: 'was decoded once too often on the way; the platform signed the percent-encoded text',
    zh: '在传输中多解码了一次，平台签名的是 URL 编码后的内容',
    apply: encodeURIComponent,
  },
  {
    code: 'value_decoded_too_often',
    en: 'was decoded once too often on the way; the platform signed the form-encoded text',
    zh: '在传输中多解码了一次，平台签名的是表单编码后的内容',
    apply: (value) => new URLSearchParams([['', value]]).toString().slice(1),
  },
  {
    code: 'value_decoded_too_often',
    en: 'was decoded once too often on the way; the platform signed it percent-encoded in lower case',
    zh: '在传输中多解码了一次，平台签名的是小写的 URL 编码内容',
    apply: (value) => encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
  },
  changed('has blanks around it that the platform did not sign', '首尾有平台未签名的空白', (value) => value.trim()),
  changed('was signed with a space at its end', '在签名时末尾有空格', (value) => `${value} `),
  changed('was signed with a space at its start', '在签名时开头有空格', (value) => ` ${value}`),
  changed('was signed with a line end', '在签名时末尾有换行符', (value) => `${value}\n`),
  changed('was signed with a line end (CR LF)', '在签名时末尾有换行符（CR LF）', (value) => `${value}\r\n`),
  changed('has line ends that were CR LF when it was signed', '中的换行在签名时是 CR LF', (value) =>
    value.replace(/\r?\n/g, '\r\n'),
  ),
  changed('has line ends that were LF when it was signed', '中的换行在签名时是 LF', (value) =>
    value.replaceAll('\r\n', '\n'),
  ),
  changed('has line ends that the platform did not sign', '中有平台未签名的换行', (value) =>
    value.replace(/[\r\n]+/g, ''),
  ),
  changed('has blanks that the platform did not sign', '中有平台未签名的空白', (value) => value.replace(/\s+/g, '')),
  changed('has no-break spaces where the platform signed spaces', '中的不间断空格在签名时是普通空格', (value) =>
    value.replaceAll('\u00a0', ' '),
  ),
  changed('was signed in lower case', '在签名时是小写', (value) => value.toLowerCase()),
  changed('was signed in capitals', '在签名时是大写', (value) => value.toUpperCase()),
  changed('was signed in another Unicode form (NFC)', '在签名时是另一种 Unicode 形式（NFC）', (value) =>
    value.normalize('NFC'),
  ),
  changed('was signed in another Unicode form (NFD)', '在签名时是另一种 Unicode 形式（NFD）', (value) =>
    value.normalize('NFD'),
  ),
  changed('was signed with half-width characters', '在签名时是半角字符', (value) => value.normalize('NFKC')),
  changed('was signed without HTML escapes', '在签名时没有 HTML 转义', unescapeHtml),
  changed('was signed with HTML escapes', '在签名时带有 HTML 转义', escapeHtml),
  changed('was signed as compact JSON', '在签名时是无空白的 JSON', (value) =>
    reformat(value, (json) => JSON.stringify(json)),
  ),
  changed('was signed as JSON with blanks', '在签名时是带空白的 JSON', spaceJson),
  changed('was signed as indented JSON', '在签名时是缩进的 JSON', (value) =>
    reformat(value, (json) => JSON.stringify(json, null, 2)),
  ),
  changed('was signed with quotation marks', '在签名时带有引号', (value) => JSON.stringify(value)),
  changed('was signed without quotation marks', '在签名时没有引号', (value) => /^"(.*)"$/s.exec(value)?.[1]),
  changed('was signed with "\\/" for "/"', '在签名时“/”写作“\\/”', (value) => value.replaceAll('/', '\\/')),
  changed('was signed with \\u escapes', '在签名时使用 \\u 转义', escapeUnicode),
  changed('was signed without \\u escapes', '在签名时没有 \\u 转义', (value) =>
    value.replace(/\\u([0-9a-f]{4})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  ),
  changed('has backslashes that the platform did not sign', '中有平台未签名的反斜杠', (value) =>
    value.replace(/\\(["'\\])/g, '$1'),
  ),
  changed('was signed with backslashes before quotation marks', '在签名时引号前有反斜杠', (value) =>
    value.replace(/["'\\]/g, '\\$&'),
  ),
  changed('was signed without leading zeros', '在签名时没有前导零', (value) => value.replace(/^0+(?=\d)/, '')),
  changed('was signed as a rounded number', '在签名时是被舍入的数字', (value) =>
    /^\d{15,}$/.test(value) ? String(Number(value)) : undefined,
  ),
  changed('was signed as a decimal number', '在签名时是小数', (value) =>
    /^\d+$/.test(value) ? `${value}.0` : undefined,
  ),
  changed('was signed without a leading "+"', '在签名时没有开头的“+”', (value) => value.replace(/^\+/, '')),
  changed('was signed in milliseconds', '在签名时以毫秒为单位', (value) =>
    /^\d{10}$/.test(value) ? `${value}000` : undefined,
  ),
  changed('was signed in seconds', '在签名时以秒为单位', (value) => /^(\d{10})\d{3}$/.exec(value)?.[1]),
  changed(
    'was signed with damaged characters (UTF-8 read as Latin-1)',
    '在签名时是乱码（UTF-8 被当作 Latin-1）',
    (value) => Buffer.from(value).toString('latin1'),
  ),
  changed(
    'is damaged (UTF-8 read as Latin-1); the platform signed the right characters',
    '是乱码（UTF-8 被当作 Latin-1），平台签名的是正确的字符',
    (value) => (/^[\0-\xff]*$/.test(value) ? Buffer.from(value, 'latin1').toString() : undefined),
  ),
  changed('was signed with damaged characters (UTF-8 read as GBK)', '在签名时是乱码（UTF-8 被当作 GBK）', (value) =>
    new TextDecoder('gbk').decode(Buffer.from(value)),
  ),
]

/** What a parameter without a value may have been signed as. */
export const emptyTexts = ['null', 'undefined', 'None', '0', 'NULL', '""', '{}', '[]', ' ']

function decode(value: string, apply: Change): string | undefined {
  try {
    return apply(value)
  } catch {
    return undefined
  }
}

function reformat(value: string, write: (json: unknown) => string): string | undefined {
  if (!/^\s*[[{]/.test(value)) return undefined
  try {
    return write(JSON.parse(value))
  } catch {
    return undefined
  }
}

function spaceJson(value: string): string | undefined {
  return reformat(value, (json) =>
    JSON.stringify(json, null, 1)
      .replace(/\n\s*/g, ' ')
      .replace(/([[{]) | ([\]}])/g, '$1$2'),
  )
}

const htmlEscapes: readonly (readonly [string, string])[] = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]

function escapeHtml(value: string): string {
  return htmlEscapes.reduce((text, [character, escaped]) => text.replaceAll(character, escaped), value)
}

function unescapeHtml(value: string): string {
  return htmlEscapes.toReversed().reduce((text, [character, escaped]) => text.replaceAll(escaped, character), value)
}

function escapeUnicode(value: string): string {
  return value.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
