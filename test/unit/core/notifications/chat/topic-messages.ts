import type { ChatAlert, ChatContext } from '../../../../../core/notifications/chat/chat-alert.ts'
import { describeAlert } from '../../../../../core/notifications/chat/describe-alert.ts'

export const publishedAt = Date.parse('2026-11-24T14:05:03Z')

export const context: ChatContext = {
  installation: 'prod',
  timeZone: 'Asia/Shanghai',
  consoleUrl: 'https://avd.example.com/console',
}

export function describeBody(body: unknown, chatContext: ChatContext = context): ChatAlert {
  return describeAlert({ body: typeof body === 'string' ? body : JSON.stringify(body), publishedAt }, chatContext)
}

export const portCheck = {
  kind: 'port_check',
  box_code: 'box-01',
  ports: [{ type: 'tcp', port: 8088 }],
  trace_id: '5b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01',
  received_at: '2026-11-24T14:05:03.250Z',
  suppressed: 0,
}

export const deadLettersAlarm = {
  AlarmName: 'prod-dead-letters',
  AlarmDescription:
    '影响：有事件处理失败，状态可能不完整。\nImpact: Events failed for good. The state may be incomplete.\n处理：docs/runbook.zh-CN.md#dead-letters\nWhat to do: docs/runbook.md#dead-letters',
  NewStateValue: 'ALARM',
  OldStateValue: 'OK',
  NewStateReason: 'Threshold Crossed: 1 datapoint [3.0 (24/11/26 14:00:00)] was greater than the threshold (1.0).',
  StateChangeTime: '2026-11-24T14:05:03.000+0000',
  Region: 'Asia Pacific (Singapore)',
}
