const untrusted = '证书不是由受信任的机构颁发'
const unreachable = '网络不通'

/** What the codes of network and TLS errors mean, in Chinese: Node.js itself explains them only in English. */
const meanings: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', '连接被拒绝'],
  ['ENOTFOUND', '主机名无法解析'],
  ['EAI_AGAIN', '主机名暂时无法解析'],
  ['ECONNRESET', '连接中断'],
  ['EPIPE', '连接中断'],
  ['ETIMEDOUT', '连接超时'],
  ['EHOSTUNREACH', unreachable],
  ['ENETUNREACH', unreachable],
  ['CERT_HAS_EXPIRED', '证书已过期'],
  ['CERT_NOT_YET_VALID', '证书尚未生效'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', '证书与主机名不符'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', untrusted],
  ['SELF_SIGNED_CERT_IN_CHAIN', untrusted],
  ['UNABLE_TO_GET_ISSUER_CERT', untrusted],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', untrusted],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', untrusted],
])

/** Names a network or TLS error in Chinese. @param code such as `ECONNREFUSED` */
export function nameNetworkError(code: unknown): string {
  const text = String(code)
  return meanings.get(text) ?? (isTlsError(text) ? 'TLS 错误' : '网络错误')
}

export function isTlsError(code: string): boolean {
  return /CERT|SSL|TLS|UNABLE_TO/.test(code)
}
