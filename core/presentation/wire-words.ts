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

const leaveReasons: Words = {
  normal: { en: 'left', zh: '正常离开' },
  offline: { en: 'connection lost', zh: '掉线' },
  client_kick: { en: 'replaced by another device', zh: '被其他终端挤下线' },
  server_kick: { en: 'removed by the server', zh: '被服务器移出' },
  room_closed: { en: 'room closed', zh: '房间关闭' },
  reconciled: { en: 'inferred', zh: '核对后推断' },
  unknown: { en: 'reason unknown', zh: '原因未知' },
}

const recordingStatuses: Words = {
  recording: { en: 'recording', zh: '录制中' },
  stuck: { en: 'not finished', zh: '未正常结束' },
  stopped: { en: 'stopped', zh: '已停止' },
  ready: { en: 'ready', zh: '转码完成' },
  failed: { en: 'failed', zh: '失败' },
}

export const nameLeaveReason = (reason: string, language: Language) => findName(leaveReasons, reason, language)

export const nameRecordingStatus = (status: string, language: Language) => findName(recordingStatuses, status, language)

export const nameCloseReason = (reason: string, language: Language) => findName(closeReasons, reason, language)

export const nameEndpointType = (type: string, language: Language) => findName(endpointTypes, type, language)

const answers = { yes: { en: 'yes', zh: '是' }, no: { en: 'no', zh: '否' } }

export const nameAnswer = (isTrue: boolean, language: Language) => (isTrue ? answers.yes : answers.no)[language]

/** A value without a name is returned as it is. */
function findName(words: Words, value: string, language: Language): string {
  return Object.hasOwn(words, value) ? (words[value]?.[language] ?? value) : value
}
