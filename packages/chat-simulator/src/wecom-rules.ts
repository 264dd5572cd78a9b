import { isAddressAllowed, type RobotReply, type RobotRules, textAt } from './robot-rules.ts'

const maxTextBytes = 2048

function reply(errcode: number, errmsg: string): RobotReply {
  const hint = `hint: [1764166503_160_${errcode}], from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
  return errcode === 0 ? { errcode, errmsg } : { errcode, errmsg: `${errmsg}, ${hint}` }
}

/** https://developer.work.weixin.qq.com/document/path/91770 */
export const wecomRules: RobotRules = {
  addressOf: (token) => `/cgi-bin/webhook/send?key=${token}`,
  tokenOf: ({ pathname, searchParams }) =>
    pathname === '/cgi-bin/webhook/send' ? (searchParams.get('key') ?? '') : undefined,
  limits: [{ maxMessages: 20, windowMs: 60_000 }],
  accepted: reply(0, 'ok'),
  unknownToken: reply(93000, 'invalid webhook url'),
  refusal: (cause) =>
    cause === 'removed'
      ? reply(93000, 'invalid webhook url')
      : cause === 'disabled'
        ? reply(93004, 'robot is disabled')
        : reply(-1, 'system error'),
  throttled: () => reply(45009, 'api freq out of limit'),
  check(request, settings) {
    // The document of WeCom names no list of addresses for group robots; a proxy in front of them may have one.
    if (!isAddressAllowed(request, settings)) return { reply: reply(60020, 'not allow to access from your ip') }
    if (request.body === undefined) return { reply: reply(40008, 'invalid message type. Warning: wrong json format.') }
    if (/\\u[0-9a-f]{4}/i.test(request.content)) return { reply: reply(40033, 'invalid charset') }
    if (textAt(request.body, 'msgtype') !== 'text') return { reply: reply(40008, 'invalid message type') }
    const text = textAt(request.body, 'text', 'content') ?? ''
    if (text === '') return { reply: reply(44004, 'content size out of limit, content is empty') }
    if (Buffer.byteLength(text) > maxTextBytes)
      return { reply: reply(40058, 'text.content exceed max length 2048. invalid Request Parameter') }
    return { text }
  },
}
