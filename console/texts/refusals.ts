import type { rejectionOutcomes } from '../../names/outcomes.ts'

type Outcome = (typeof rejectionOutcomes)[number]

/** What it means that a callback was refused, and what to do, by outcome: [Chinese, English]. */
export const refusalTexts = {
  check_code_missing: [
    '请求中没有 check_code。平台只有在 media_server 和 master 各自的管理后台页面填写北向接口校验密钥后，才会发送 check_code。',
    'The request has no check_code. The platform sends one only if a key is entered on the back-office pages of both media_server and master.',
  ],
  check_code_wrong: [
    'check_code 与请求内容不符：管理后台页面填写的北向接口校验密钥与 CheckCodeSecretArn 对应的 secret 不一致，或参数在传输途中被改动。请先核对 media_server 和 master 两个页面上的密钥。',
    'The check_code does not match the request: the key on a back-office page differs from the one in the secret of output CheckCodeSecretArn, or a value was changed on the way. Compare the keys on the pages of media_server and master first.',
  ],
  identity_missing: [
    '缺少该事件的必填标识参数（例如 room_id 或 user_id），无法判断事件属于哪个房间或用户。通常是回调地址或中间代理改动了参数。',
    'A parameter that identifies what the event is about is missing, such as room_id or user_id. Usually the callback address or a proxy changes the parameters.',
  ],
  unreadable: [
    '请求的参数无法解析，例如编码不正确或标识过长。请检查中间代理是否改动了请求。',
    'The parameters cannot be read: their encoding is wrong, for example, or an id is too long. Check whether a proxy changes the requests.',
  ],
  address_not_allowed: [
    '来源地址不在部署参数 allowedCidrs 允许的范围内。如果这是平台的地址，请把它加入 allowedCidrs；否则无需处理。',
    'The setting allowedCidrs does not contain the source address. If it belongs to the platform, add it; otherwise there is nothing to do.',
  ],
  method_not_allowed: [
    '只接受 GET 和 POST。其他方法的请求通常不是平台发送的。',
    'Only GET and POST are accepted. Other requests are usually not from the platform.',
  ],
  too_large: [
    '请求或事件的内容过大，无法接收。平台的正常回调远小于此限制。',
    'The request or its event is too large to be accepted. Callbacks of the platform are far smaller.',
  ],
} as const satisfies Readonly<Record<Outcome, readonly [string, string]>>
