import { language } from './language.ts'

/** Names of the values that the API sends, by field: [Chinese, English]. */
const vocabularies = {
  room_status: { open: ['开放', 'open'], closed: ['已关闭', 'closed'] },
  participant_status: { in_room: ['在线', 'in the room'], left: ['已离开', 'left'] },
  leave_reason: {
    normal: ['正常离开', 'left'],
    offline: ['掉线', 'connection lost'],
    client_kick: ['被其他终端挤下线', 'replaced by another device'],
    server_kick: ['被服务器移出', 'removed by the server'],
    room_closed: ['房间关闭', 'room closed'],
    reconciled: ['核对后推断', 'inferred'],
    unknown: ['原因未知', 'reason unknown'],
  },
  close_reason: {
    user: ['用户关闭', 'closed by a user'],
    auto: ['无人自动关闭', 'closed when empty'],
    reconciled: ['核对后推断', 'inferred'],
    unknown: ['原因未知', 'reason unknown'],
  },
  endpoint_type: {
    web: ['网页', 'web'],
    win: ['Windows 客户端', 'Windows'],
    mac: ['Mac 客户端', 'Mac'],
    ios: ['iOS', 'iOS'],
    android: ['Android', 'Android'],
    hw: ['硬件终端', 'hardware'],
    androidHW: ['Android 硬件终端', 'Android hardware'],
    weixin: ['微信', 'WeChat'],
    pstn: ['电话', 'telephone'],
    sip: ['SIP', 'SIP'],
    h323: ['H.323', 'H.323'],
  },
  stream_type: {
    audio: ['麦克风', 'microphone'],
    video: ['摄像头', 'camera'],
    desktop: ['桌面共享', 'screen share'],
    unknown: ['其他媒体', 'other media'],
  },
  recording_status: {
    recording: ['录制中', 'recording'],
    stuck: ['未正常结束', 'not finished'],
    stopped: ['已停止', 'stopped'],
    ready: ['转码完成', 'ready'],
    failed: ['失败', 'failed'],
  },
  event: {
    open: ['房间打开', 'room opened'],
    close: ['房间关闭', 'room closed'],
    join: ['用户加入', 'joined'],
    leave: ['用户离开', 'left'],
    update: ['用户信息更新', 'user updated'],
    publish: ['发布媒体流', 'stream published'],
    unpublish: ['停止发布', 'stream ended'],
    sub: ['订阅媒体流', 'stream subscribed'],
    unsub: ['取消订阅', 'stream unsubscribed'],
    start_record: ['开始录制', 'recording started'],
    stop_record: ['停止录制', 'recording stopped'],
    record_transcoding_completion: ['录制转码完成', 'recording ready'],
    warning_notify: ['端口告警', 'port warning'],
    other: ['其他', 'other'],
  },
  sender: { media_server: ['媒体服务器', 'media server'], master: ['master', 'master'] },
  box_state: { warning: ['告警中', 'warning'], quiet: ['已平静', 'quiet'] },
  refused_outcome: {
    check_code_missing: ['缺少 check_code', 'check_code is missing'],
    check_code_wrong: ['check_code 不正确', 'check_code is wrong'],
    identity_missing: ['缺少必填标识参数', 'identifying parameter is missing'],
    unreadable: ['请求无法解析', 'request cannot be read'],
    address_not_allowed: ['来源地址不在允许范围内', 'source address is not allowed'],
    method_not_allowed: ['不支持的请求方法', 'method is not allowed'],
    too_large: ['请求过大', 'request is too large'],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>>

export type Vocabulary = keyof typeof vocabularies

/** Names a value of the API in the language of the page. A value without a name is returned as it is. */
export function nameOf(vocabulary: Vocabulary, value: string): string {
  const words: Readonly<Record<string, readonly [string, string]>> = vocabularies[vocabulary]
  const word = Object.hasOwn(words, value) ? words[value] : undefined
  return word?.[language.value === 'zh' ? 0 : 1] ?? value
}
