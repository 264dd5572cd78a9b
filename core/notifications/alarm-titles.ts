import type { Bilingual } from './alert-text.ts'

/** What the alarms of the installation are called in chats and all-clears, by their heading in `docs/runbook.md`. */
const titles: ReadonlyMap<string, Bilingual> = new Map(
  Object.entries({
    'dead-letters': { chinese: '有事件处理失败', english: 'events failed for good' },
    'events-failing': { chinese: '部分事件反复处理失败', english: 'events are failing' },
    'oldest-quiet-message': { chinese: '事件处理延迟', english: 'events are applied late' },
    'oldest-message': { chinese: '繁忙房间的事件处理延迟', english: 'events of a busy room are applied late' },
    'receive-callback-errors': { chinese: '接收回调的函数出错', english: 'receiving callbacks fails' },
    'receive-callback-throttles': { chinese: '回调被限流', english: 'callbacks are throttled' },
    'receive-latency': { chinese: '回调响应过慢', english: 'callbacks are answered slowly' },
    'refused-signatures': { chinese: '有回调校验失败', english: 'callbacks with wrong check codes are refused' },
    'secret-unusable': { chinese: '有 secret 无法使用', english: 'a secret cannot be used' },
    'api-server-errors': { chinese: 'API 返回 5xx 响应', english: 'the API responds with 5xx' },
    'api-client-errors': { chinese: 'API 持续拒绝请求（4xx）', english: 'the API keeps refusing requests (4xx)' },
    'callbacks-missing': { chinese: '回调中断', english: 'callbacks are missing' },
    'apply-events-errors': { chinese: '处理事件的函数出错', english: 'applying events fails' },
    'apply-events-throttles': { chinese: '处理事件的函数被限流', english: 'applying events is throttled' },
    'reconcile-rooms-errors': { chinese: '与平台核对的函数出错', english: 'reconciling with the platform crashes' },
    'reconcile-rooms-throttles': {
      chinese: '与平台核对的函数被限流',
      english: 'reconciling with the platform is throttled',
    },
    'sweeps-failing': { chinese: '与平台核对持续失败', english: 'reconciling with the platform keeps failing' },
    drift: { chinese: '状态与平台不一致', english: 'state and platform differ' },
    'query-api-errors': { chinese: '查询接口出错', english: 'queries fail' },
    'query-api-throttles': { chinese: '查询被限流', english: 'queries are throttled' },
    'chat-refused': { chinese: '有群机器人收不到告警', english: 'a group robot gets no alerts' },
    'chat-dead-letters': { chinese: '有告警一天内未能发到群里', english: 'alerts did not reach a group for a day' },
    'notify-chat-errors': { chinese: '向群机器人发送告警的函数出错', english: 'sending alerts to group robots fails' },
    'notify-chat-throttles': { chinese: '发往群机器人的告警被限流', english: 'alerts for group robots are throttled' },
    'usage-missing': { chinese: '用量采样失败', english: 'samples of usage are missing' },
    'notifications-failed': { chinese: '有告警未能送达', english: 'an alert was not delivered' },
    'all-clear-lost': { chinese: '告警解除通知未能发出', english: 'an all-clear could not be sent' },
  }),
)

/**
 * The title of an alarm: in words if it is one of the installation's, otherwise its name.
 *
 * @param name the alarm's name: that of the installation, followed by the heading.
 */
export function titleOfAlarm(name: string, installation: string): Bilingual {
  const heading = headingOfAlarm(name, installation)
  return (heading === undefined ? undefined : titles.get(heading)) ?? { chinese: name, english: name }
}

/** The runbook heading of one of the installation's alarms; undefined for any other alarm. */
export function headingOfAlarm(name: string, installation: string): string | undefined {
  const prefix = `${installation}-`
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined
}
