/** Texts of the frame around the pages: [Chinese, English]. */
export const layoutTexts = {
  title: ['叁体 AVD 房间状态', '3TEE AVD rooms'],
  skip: ['跳到内容', 'Skip to the content'],
  signIn: ['登录', 'Sign in'],
  signOut: ['退出', 'Sign out'],
  tokenLabel: ['访问令牌', 'API token'],
  tokenHelp: [
    '令牌在输出 ApiTokenSecretArn 对应的 secret 中；本机运行时由 npm start 打印。关闭浏览器的所有控制台标签页后不再保留。',
    'It is in the secret of output ApiTokenSecretArn; a local run prints it. It is forgotten when the last tab of the console is closed.',
  ],
  tokenWrong: ['令牌不正确', 'That is not the token'],
  tokenEmpty: ['请输入令牌', 'Type the token'],
  sessionExpired: [
    '登录已失效，令牌可能已更换，请重新登录',
    'You were signed out: the token has changed. Sign in with the new one',
  ],
  signedOutElsewhere: ['已在另一个标签页退出', 'You signed out in another tab'],
  language: ['English', '中文'],
  navigation: ['页面', 'Pages'],
  loading: ['正在读取…', 'Loading…'],
  updated: ['更新于 {time}', 'Updated at {time}'],
  timeZoneHelp: ['所有时间和日期均为部署实例所在时区', 'All times and days are in the time zone of the installation'],
  connectionLost: [
    '连接已断开，正在重试。以下数据截至 {time}',
    'The connection is lost; trying again. What you see is of {time}',
  ],
  connectionLostBeforeData: ['连接已断开，正在重试。', 'The connection is lost; trying again.'],
  stale: ['数据已过时。以下数据截至 {time}', 'This is out of date. What you see is of {time}'],
  failed: ['查询失败：{reason}', 'The query failed: {reason}'],
  downloadFailed: ['下载失败：{reason}', 'The download failed: {reason}'],
  /** Between items of a list. */
  listComma: ['、', ', '],
  /** Between parts of a sentence. */
  comma: ['，', ', '],
  /** At the end of a sentence. */
  fullStop: ['。', '.'],
  openingBracket: ['（', ' ('],
  closingBracket: ['）', ')'],
  controlCharacter: ['控制字符 {code}', 'control character {code}'],
} as const
