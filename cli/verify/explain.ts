import { findSimilarName } from '../../core/protocol/likely-cause.ts'
import type { Text } from '../language.ts'
import { showText } from '../show-text.ts'
import type { Verification } from './verify-request.ts'

/** Why a request has no `check_code`. @param names of its parameters. */
export function explainMissing(names: readonly string[]): Text {
  const similar = findSimilarName(names, 'check_code')
  if (similar !== undefined)
    return { en: `"${showText(similar)}" is not its name`, zh: `“${showText(similar)}”不是它的名称` }
  return {
    en: 'the platform sends one only if a key is entered on the back-office page, of media_server and of master',
    zh: '平台只有在管理后台页面填写了北向接口校验密钥后才会发送，且 media_server 和 master 的页面都要填写',
  }
}

/** The digests of other algorithms, by their number of hexadecimal digits. */
const algorithmsByDigits: Readonly<Record<number, string>> = {
  32: 'MD5',
  40: 'SHA-1',
  56: 'SHA-224',
  96: 'SHA-384',
  128: 'SHA-512',
}

/** What can be said if nothing that was tried explains the code. It names no cause that is not certain. */
export function explainUnknown({ code, diagnosis }: Extract<Verification, { outcome: 'wrong' }>): Text {
  const form = explainForm(code.trim())
  const limit: Text = diagnosis.isComplete
    ? { en: '', zh: '' }
    : { en: ' The request is too long to try everything.', zh: '请求过长，未能尝试所有可能。' }
  return {
    en: `${form.en}Nothing that was tried explains it: it was probably signed with another key, or a value was changed on the way.${limit.en}`,
    zh: `${form.zh}已尝试的各种可能都不符合：很可能使用了另一个密钥，或某个值在传输中被更改。${limit.zh}`,
  }
}

function explainForm(code: string): Text {
  if (/^[0-9a-f]{64}$/i.test(code) || !/^[0-9a-f]+$/i.test(code)) return { en: '', zh: '' }
  const algorithm = algorithmsByDigits[code.length]
  const as = algorithm === undefined ? { en: '', zh: '' } : { en: `, as of ${algorithm}`, zh: `，与 ${algorithm} 相同` }
  return {
    en: `It has ${code.length} hexadecimal digits${as.en}; 64 are expected. `,
    zh: `它有 ${code.length} 位十六进制数${as.zh}，应为 64 位。`,
  }
}
