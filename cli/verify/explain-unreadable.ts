import { quoteText } from '../../core/protocol/quote-text.ts'
import { describeRequestFault, maxQuotedTypeLength, type RequestFault } from '../../core/protocol/request-fault.ts'
import type { Text } from '../language.ts'

const otherTypes = {
  json: 'JSON：请使用 application/json',
  json_list: 'JSON 数组：请以 application/json 发送参数对象',
  multipart: 'multipart：请使用带 boundary 的 multipart/form-data',
} as const

/** Why the receiver cannot read a request. The English text is that of its response. */
export function explainUnreadable(fault: RequestFault): Text {
  return { en: describeRequestFault(fault), zh: describeInChinese(fault) }
}

function describeInChinese(fault: RequestFault): string {
  switch (fault.kind) {
    case 'content_encoding':
      return `不支持内容编码 ${quoteText(fault.encoding)}：请发送未压缩的请求体`
    case 'content_type':
      return `不支持内容类型 ${quoteText(fault.type, maxQuotedTypeLength)}：请使用 application/x-www-form-urlencoded、multipart/form-data 或 application/json`
    case 'no_form':
      return `请求体不是表单，而像是 ${otherTypes[fault.looksLike]}；其内容类型为“${fault.type}”`
    case 'no_json':
      return `请求体不是有效的 JSON${fault.looksLike === 'form' ? '，而像是表单：请使用 application/x-www-form-urlencoded' : ''}`
    case 'no_json_object':
      return 'JSON 请求体必须是由参数组成的对象'
    case 'no_multipart':
      return '请求体不是 multipart/form-data，或与内容类型中的 boundary 不符'
    case 'no_text':
      return '请求体不是其声明的字符集、UTF-8 或 GB18030 的文本'
    case 'long_name':
      return `参数名超过 ${fault.maxLength} 个字符`
    case 'repeated_parameter':
      return `参数 ${quoteText(fault.name)} 重复且取值不同：它可能在回调地址的查询参数中，或同时出现在查询参数和请求体中`
  }
}
