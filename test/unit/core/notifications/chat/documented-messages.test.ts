import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeAlert } from '../../../../../core/notifications/chat/describe-alert.ts'
import { buildMessages } from '../../../../../core/notifications/chat/digests.ts'
import type { ChatLanguage } from '../../../../../core/ports/chat-robots.ts'

const context = {
  installation: 'Northbound',
  timeZone: 'Asia/Shanghai',
  consoleUrl: 'https://avd-events.example.com/console',
}
const startedAt = Date.parse('2026-11-24T14:05:03Z')

const portCheck = (box_code: string, afterMs: number) => ({
  kind: 'port_check',
  box_code,
  ports: [{ type: 'tcp', port: 8088 }],
  trace_id: '5b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01',
  received_at: new Date(startedAt + afterMs).toISOString(),
  suppressed: 0,
})
const alarm = {
  AlarmName: 'Northbound-receive-callback-errors',
  AlarmDescription:
    '影响：接收回调的函数出错：这些事件已丢失，平台不会重发。\nImpact: The function that receives callbacks failed: those events are lost, and the platform does not resend them.\n处理：docs/runbook.zh-CN.md#receive-callback-errors\nWhat to do: docs/runbook.md#receive-callback-errors',
  NewStateValue: 'ALARM',
  NewStateReason:
    'Threshold Crossed: 1 datapoint [2.0 (24/11/26 14:05:00)] was greater than or equal to the threshold (1.0).',
  StateChangeTime: '2026-11-24T14:05:03.000+0000',
}
const allClear = { kind: 'all_clear', alert: 'sweep_failing', since: new Date(startedAt).toISOString() }

const samples: readonly (readonly [name: string, language: ChatLanguage, alerts: readonly object[]])[] = [
  ['a port warning', 'zh', [portCheck('box-01', 0)]],
  ['an alarm', 'en', [alarm]],
  ['an all-clear', 'both', [allClear]],
  ['a digest', 'zh', [portCheck('box-01', 0), portCheck('box-02', 900), alarm, portCheck('box-03', 1800), allClear]],
]

describe('the messages that docs/chat.md and docs/chat.zh-CN.md show', () => {
  it.each(samples)('contain %s as robots get it', (_, language, alerts) => {
    const described = alerts.map((alert, index) =>
      describeAlert({ body: JSON.stringify(alert), publishedAt: startedAt + 200_000 + index }, context),
    )
    const [message, ...others] = buildMessages(described, language, context, 2048)
    expect(others).toEqual([])
    for (const page of ['chat.md', 'chat.zh-CN.md']) {
      const text = readFileSync(new URL(`../../../../../docs/${page}`, import.meta.url), 'utf8')
      expect(text, page).toContain(`\n\`\`\`\n${message?.text}\n\`\`\`\n`)
    }
  })
})
