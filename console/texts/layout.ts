/** Texts of the frame around the pages: [Chinese, English]. */
export const layoutTexts = {
  title: ['叁体 AVD 房间状态', '3TEE AVD rooms'],
  skip: ['跳到内容', 'Skip to the content'],
  signIn: ['登录', 'Sign in'],
  signOut: ['退出', 'Sign out'],
  tokenLabel: ['API 令牌', 'API token'],
  tokenHelp: [
    '令牌是输出 ApiTokenSecretArn 对应的 secret 中 token 的值；本机运行时由 npm start 打印。关闭控制台的所有标签页后，浏览器不再保留令牌。',
    'It is the value "token" in the secret of output ApiTokenSecretArn; a local run prints it. The browser forgets it when the last tab of the console is closed.',
  ],
  tokenWrong: ['令牌不正确', 'The token is wrong'],
  tokenEmpty: ['请输入令牌', 'Enter the token'],
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
    'The connection is lost; trying again. The data shown is of {time}',
  ],
  connectionLostBeforeData: ['连接已断开，正在重试。', 'The connection is lost; trying again.'],
  stale: ['数据已过时。以下数据截至 {time}', 'The data shown is out of date: it is of {time}'],
  failed: ['查询失败：{reason}', 'The query failed: {reason}'],
  downloadFailed: ['下载失败：{reason}', 'The download failed: {reason}'],
  reasonNoResponse: ['没有响应，请稍后重试', 'no response; try again later'],
  reasonSignedOut: ['登录已失效，请重新登录', 'the token is no longer valid; sign in again'],
  reasonTooLarge: ['结果过大，请缩短时间段', 'the result is too large; choose a shorter period'],
  reasonTooMany: ['查询过于频繁，请稍后重试', 'there are too many queries; try again later'],
  reasonServer: [
    '查询接口出错，原因见函数 query-api 的日志',
    'the query API has failed; the log of the function query-api has the cause',
  ],
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
