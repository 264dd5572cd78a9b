import type { Language } from './tables.ts'

type Words = Readonly<Record<string, Readonly<Record<Language, string>>>>

// In files for people, values of the wire have the names that the console gives them (console/wire-words.ts).

const closeReasons: Words = {
  user: { en: 'closed by a user', zh: '用户关闭' },
  auto: { en: 'closed when empty', zh: '无人自动关闭' },
  reconciled: { en: 'inferred', zh: '核对后推断' },
  unknown: { en: 'reason unknown', zh: '原因未知' },
}

const endpointTypes: Words = {
  web: { en: 'web', zh: '网页' },
  win: { en: 'Windows', zh: 'Windows 客户端' },
  mac: { en: 'Mac', zh: 'Mac 客户端' },
  ios: { en: 'iOS', zh: 'iOS' },
  android: { en: 'Android', zh: 'Android' },
  hw: { en: 'hardware', zh: '硬件终端' },
  androidHW: { en: 'Android hardware', zh: 'Android 硬件终端' },
  weixin: { en: 'WeChat', zh: '微信' },
  pstn: { en: 'telephone', zh: '电话' },
  sip: { en: 'SIP', zh: 'SIP' },
  h323: { en: 'H.323', zh: 'H.323' },
}

export const nameCloseReason = (reason: string, language: Language) => findName(closeReasons, reason, language)

export const nameEndpointType = (type: string, language: Language) => findName(endpointTypes, type, language)

/** A value without a name is returned as it is. */
function findName(words: Words, value: string, language: Language): string {
  return Object.hasOwn(words, value) ? (words[value]?.[language] ?? value) : value
}
