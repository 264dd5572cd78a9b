/** All texts of the console, in Chinese and English. */
const texts = {
  title: ['叁体 AVD 房间状态', '3TEE AVD rooms'],
  skip: ['跳到内容', 'Skip to the content'],
  signIn: ['登录', 'Sign in'],
  signOut: ['退出', 'Sign out'],
  tokenLabel: ['访问令牌', 'API token'],
  tokenHelp: [
    '令牌在输出 ApiTokenSecretArn 所指的密钥中; 本机运行时由 npm start 打印。关闭标签页后即被忘记。',
    'It is in the secret of output ApiTokenSecretArn; a local run prints it. It is forgotten with the tab.',
  ],
  tokenWrong: ['令牌不正确', 'That is not the token'],
  tokenEmpty: ['请输入令牌', 'Type the token'],
  language: ['English', '中文'],
  navigation: ['页面', 'Pages'],
  board: ['房间', 'Rooms'],
  recordings: ['录制', 'Recordings'],
  boxes: ['服务器', 'Boxes'],
  ingestion: ['接收状态', 'Ingestion'],
  openRooms: ['开放的房间', 'Open rooms'],
  closedRooms: ['已关闭的房间', 'Closed rooms'],
  showClosed: ['显示已关闭的房间', 'Show closed rooms'],
  people: ['人员', 'People'],
  present: ['在场', 'present'],
  filter: ['按房间号或名称筛选', 'Filter by room'],
  findUser: ['用户出勤', 'A user’s attendance'],
  userId: ['用户 ID', 'User id'],
  show: ['查看', 'Show'],
  none: ['没有', 'None'],
  noRooms: ['现在没有开放的房间', 'No room is open now'],
  loading: ['正在读取…', 'Loading…'],
  updated: ['更新于', 'Updated at'],
  connectionLost: ['连接已断开, 正在重试。以下数据截至', 'The connection is lost; trying again. What you see is of'],
  connectionLostBeforeData: ['连接已断开, 正在重试。', 'The connection is lost; trying again.'],
  stale: ['数据已过时。以下数据截至', 'This is out of date. What you see is of'],
  failed: ['查询失败', 'The query failed'],
  notFound: ['不存在', 'It does not exist'],
  estimated: ['推断', 'estimated'],
  estimatedHelp: ['由对账推断, 平台没有通知', 'inferred by reconciliation, not told by the platform'],
  reconnects: ['重连', 'reconnects'],
  microphone: ['麦克风', 'microphone'],
  camera: ['摄像头', 'camera'],
  desktop: ['桌面', 'desktop'],
  endpoint: ['终端', 'Endpoint'],
  name: ['姓名', 'Name'],
  status: ['状态', 'Status'],
  in_room: ['在房间内', 'in the room'],
  left: ['已离开', 'left'],
  open: ['开放', 'open'],
  closed: ['已关闭', 'closed'],
  opened: ['开始', 'Opened'],
  closedAt: ['关闭', 'Closed'],
  reason: ['原因', 'Reason'],
  reopened: ['重开', 'Reopened'],
  room: ['房间', 'Room'],
  user: ['用户', 'User'],
  joined: ['加入', 'Joined'],
  leftAt: ['离开', 'Left'],
  seconds: ['秒', 'Seconds'],
  sends: ['发送', 'Sends'],
  attendance: ['出勤', 'Attendance'],
  attendanceOf: ['出勤:', 'Attendance of'],
  download: ['下载 CSV', 'Download CSV'],
  more: ['还有更多, 请下载 CSV', 'There is more: download the CSV'],
  morePeople: ['显示更多人员', 'Show more people'],
  timeline: ['时间线', 'Timeline'],
  timelineHelp: [
    '每人一行: 会话、重连、媒体流; 顶行是录制。同样的会话见下表。',
    'A lane a person: sessions, reconnects, streams; recordings on top. The table below has the same sessions.',
  ],
  timelineCut: ['只显示最近的事件', 'Only the latest events are shown'],
  session: ['会话', 'session'],
  estimatedSession: ['推断的会话', 'estimated session'],
  recordingLane: ['录制', 'recordings'],
  exporter: ['导出器', 'Exporter'],
  files: ['文件', 'Files'],
  started: ['开始', 'Started'],
  stopped: ['停止', 'Stopped'],
  ready: ['就绪', 'Ready'],
  allStatuses: ['全部', 'all'],
  recording: ['录制中', 'recording'],
  stuck: ['停滞', 'stuck'],
  failedRecording: ['失败', 'failed'],
  stuckHelp: ['房间已关闭一小时以上, 仍未停止', 'its room closed over an hour ago'],
  box: ['服务器', 'Box'],
  lastWarning: ['最近告警', 'Last warning'],
  ports: ['端口', 'Ports'],
  lastSeen: ['最近一次', 'last'],
  alertsSent: ['已发告警', 'Alerts sent'],
  alertsSuppressed: ['已合并', 'Suppressed'],
  noBoxes: ['没有服务器被告警过', 'No box was ever warned about'],
  rooms_open: ['开放的房间', 'Open rooms'],
  participants_present: ['在场人员', 'People present'],
  callbacks_last_hour: ['一小时内的回调', 'Callbacks in the last hour'],
  last_callback_at: ['最近一次回调', 'Last callback'],
  queue_depth: ['队列中等待', 'Waiting in the queue'],
  dead_letters: ['死信', 'Dead messages'],
  drift_last_sweep: ['上次对账的偏差', 'Drift of the last sweep'],
  last_sweep_at: ['上次对账', 'Last sweep'],
  last_sweep_ok: ['上次对账成功', 'Last sweep succeeded'],
  reconciliation: ['对账', 'Reconciliation'],
  yes: ['是', 'yes'],
  no: ['否', 'no'],
  on: ['已启用', 'on'],
  off: ['未启用', 'off'],
  noCallback: ['30 天内没有', 'none within the last 30 days'],
  warnings: ['需要处理', 'Needs attention'],
  nothing: ['无', 'nothing'],
  callbacks_missing: [
    '未收到平台回调：房间内有用户，但没有任何回调到达。房间和用户的状态由定时核对推断，可能有误差。',
    'No callbacks arrive although people are in rooms. Rooms and participants are inferred by sweeps and may be inexact.',
  ],
  mass_disappearance: [
    '大量房间或用户从平台的房间列表中消失：媒体服务器可能崩溃，或列表不完整。',
    "Many rooms or participants are missing from the platform's room list: a media server may have crashed, or the list is incomplete.",
  ],
  sweep_failing: [
    '与平台核对连续失败：媒体服务器崩溃后残留的房间和用户得不到修正。',
    'Reconciliation keeps failing: rooms and participants left by a crashed media server are not corrected.',
  ],
  dead_letters_waiting: [
    '有事件处理失败：状态可能不完整。',
    'Events could not be applied: the state may be incomplete.',
  ],
  refused: ['被拒绝的回调', 'Refused callbacks'],
  refusedHelp: [
    '最近 7 天内被拒绝的回调示例，每种原因最多 5 条，用于检查平台实际发送的内容。疑似密钥的值已隐藏。',
    'Samples of the last 7 days, at most 5 for each cause: they show what is really sent. Values that look like secrets are hidden.',
  ],
  receivedAt: ['接收时间', 'Received'],
  cause: ['原因', 'Cause'],
  sourceAddress: ['来源地址', 'Source address'],
  method: ['请求方法', 'Method'],
  parameters: ['参数', 'Parameters'],
  check_code_missing: ['缺少 check_code', 'check_code is missing'],
  check_code_wrong: ['check_code 不正确', 'check_code is wrong'],
  identity_missing: ['缺少必填标识参数', 'identifying parameter is missing'],
  unreadable: ['请求无法解析', 'request cannot be read'],
  address_not_allowed: ['来源地址不在允许范围内', 'source address is not allowed'],
  method_not_allowed: ['不支持的请求方法', 'method is not allowed'],
  too_large: ['请求过大', 'request is too large'],
  deadLettersHelp: [
    '有事件处理失败, 见 runbook 的 dead-letters',
    'Events could not be applied: see dead-letters in the runbook',
  ],
} as const

export type TextKey = keyof typeof texts
type ConsoleLanguage = 'zh' | 'en'

const storageKey = 'northbound-language'

let language: ConsoleLanguage =
  (sessionStorage.getItem(storageKey) as ConsoleLanguage | null) ?? (/^zh\b/i.test(navigator.language) ? 'zh' : 'en')

export const currentLanguage = () => language

export function switchLanguage(): void {
  language = language === 'zh' ? 'en' : 'zh'
  sessionStorage.setItem(storageKey, language)
}

export const translate = (key: TextKey): string => texts[key][language === 'zh' ? 0 : 1]

/** Translates a value of the API, or returns it unchanged if there is no translation. */
export const translateIfKnown = (value: string): string =>
  Object.hasOwn(texts, value) ? translate(value as TextKey) : value

const locale = () => (language === 'zh' ? 'zh-CN' : 'en-GB')

/** Formats date and time in the time zone of the browser. */
export function formatDateTime(iso: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'short', timeStyle: 'medium' }).format(new Date(iso))
}

/** Formats the time of day in the time zone of the browser. @param at ms since 1970. */
export function formatClock(at: number): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: 'medium' }).format(at)
}
