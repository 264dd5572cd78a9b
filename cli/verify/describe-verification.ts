import type { ReadingName } from '../../core/protocol/readings.ts'
import type { Text } from '../language.ts'
import { showText } from '../show-text.ts'
import { inLanguage, type Terminal } from '../terminal.ts'
import { explainMissing, explainUnknown } from './explain.ts'
import type { CodeEncoding, ValidCheckCode, Verification } from './verify-request.ts'

/** A description for programs and for people. Neither contains a key. */
export interface Description {
  readonly json: unknown
  readonly lines: readonly string[]
}

const readings: Readonly<Record<ReadingName, Text>> = {
  form_decoded: { en: 'values form-decoded, "+" is a space', zh: '值按表单解码，“+”为空格' },
  percent_decoded: { en: 'values percent-decoded, "+" stays', zh: '值按 URL 解码，“+”保留' },
  as_sent: { en: 'values as sent, not decoded', zh: '值按原样，不解码' },
  declared_charset: { en: 'values in the declared character set', zh: '值按声明的字符集解码' },
  gb18030: { en: 'values in GB18030', zh: '值按 GB18030 解码' },
  bytes: { en: 'the bytes of the values', zh: '值的原始字节' },
}

const encodings: Readonly<Record<CodeEncoding, Text>> = {
  hex: { en: 'hexadecimal', zh: '十六进制' },
  base64: { en: 'base64', zh: 'base64' },
  base64url: { en: 'base64url', zh: 'base64url' },
  base64_of_hex: { en: 'base64 of the hexadecimal text', zh: '十六进制文本的 base64' },
}

/** Describes what was found. @param keyCount the number of keys that were given. */
export function describeVerification(
  terminal: Pick<Terminal, 'language'>,
  verification: Verification,
  keyCount: number,
): Description {
  const say = (text: Text) => inLanguage(terminal, text)
  if (verification.outcome === 'valid') return describeValid(verification, keyCount, say)
  if (verification.outcome === 'unreadable') {
    const title = say({ en: 'The receiver cannot read this request: ', zh: '接收端无法读取该请求：' })
    const reason = say(verification.reason)
    return {
      json: { holds: false, outcome: 'unreadable', reason },
      lines: [`${title}${showText(reason)}`],
    }
  }
  const { canonical, outcome } = verification
  const text = say({ en: 'expected text: ', zh: '应签名的内容：' })
  if (verification.outcome === 'missing') {
    const reason = say(explainMissing(verification.names))
    return {
      json: { holds: false, outcome, canonical_string: canonical, reason },
      lines: [
        say({ en: `There is no check_code: ${reason}`, zh: `没有 check_code：${reason}` }),
        `${text}${showText(canonical)}`,
      ],
    }
  }
  const { causes, signed, triedCount, isComplete } = verification.diagnosis
  const found = causes.map(({ code, parameter, text: cause }) => ({ code, parameter, text: showText(say(cause)) }))
  const unknown = say(explainUnknown(verification))
  return {
    json: {
      ...{ holds: false, outcome, canonical_string: canonical, causes: found, signed_string: signed },
      ...{ tried: triedCount, complete: isComplete, reason: found.length === 0 ? unknown : undefined },
    },
    lines: [
      say({ en: 'check_code does not hold.', zh: 'check_code 不正确。' }),
      ...found.map((cause) => say({ en: `  cause: ${cause.text}`, zh: `  原因：${cause.text}` })),
      ...(found.length === 0 ? [`  ${unknown}`] : []),
      `${text}${showText(canonical)}`,
      ...(signed === undefined || signed === canonical
        ? []
        : [`${say({ en: 'signed text:   ', zh: '实际签名内容：' })}${showText(signed)}`]),
      say({ en: `tried: ${triedCount} possibilities`, zh: `已尝试 ${triedCount} 种可能` }),
    ],
  }
}

function describeValid(valid: ValidCheckCode, keyCount: number, say: (text: Text) => string): Description {
  const { canonical, reading, encoding, keyIndex, uncovered, refusal } = valid
  const key = say(nameKey(keyIndex, keyCount))
  const lines = [
    say({ en: 'check_code holds.', zh: 'check_code 正确。' }),
    say({
      en: `  reading: ${reading} (${readings[reading].en})`,
      zh: `  解读方式：${reading}（${readings[reading].zh}）`,
    }),
    say({ en: `  encoding: ${encodings[encoding].en}`, zh: `  编码：${encodings[encoding].zh}` }),
    say({ en: `  key: ${key}`, zh: `  密钥：${key}` }),
    `${say({ en: 'signed text: ', zh: '签名内容：' })}${showText(canonical)}`,
  ]
  if (uncovered.length > 0) {
    const names = uncovered.map(showText)
    lines.push(
      say({
        en: `not signed, and therefore not stored: ${names.join(', ')}`,
        zh: `未计入签名、因此不会存储：${names.join('、')}`,
      }),
    )
  }
  if (refusal !== undefined)
    lines.push(
      say({
        en: `The receiver would still answer 400: ${showText(refusal.en)}`,
        zh: `但接收端仍会返回 400：${showText(refusal.zh)}`,
      }),
    )
  return {
    json: {
      ...{ holds: true, outcome: 'valid', canonical_string: canonical, reading, encoding, key: keyIndex + 1 },
      ...{ not_signed: uncovered, refusal: refusal === undefined ? undefined : say(refusal) },
    },
    lines,
  }
}

function nameKey(index: number, count: number): Text {
  if (count === 1) return { en: 'the one given', zh: '所提供的密钥' }
  const names: readonly Text[] = [
    { en: '1 (current)', zh: '第 1 个（current）' },
    { en: '2 (previous)', zh: '第 2 个（previous）' },
  ]
  return names[index] ?? { en: `${index + 1}`, zh: `第 ${index + 1} 个` }
}
