import type { WarningCode } from '../api-types.ts'
import type { TextKey } from '../words.ts'

type Explanation = {
  /** What the warning means. */
  readonly text: TextKey
  /** The heading in `docs/runbook.md` that says what to do. */
  readonly heading: string
  /** What the heading is called in Chinese: the title of its alarm or alert. */
  readonly chineseTitle: string
}

export const explanations: Readonly<Record<WarningCode, Explanation>> = {
  callbacks_missing: { text: 'callbacks_missing', heading: 'callbacks-missing', chineseTitle: '回调中断' },
  mass_disappearance: {
    text: 'mass_disappearance',
    heading: 'mass-disappearance',
    chineseTitle: '大量房间和用户从房间列表中消失',
  },
  sweep_failing: { text: 'sweep_failing', heading: 'sweeps-failing', chineseTitle: '与平台的核对持续失败' },
  dead_letters: { text: 'dead_letters_waiting', heading: 'dead-letters', chineseTitle: '有事件处理失败' },
  refused_signatures: { text: 'refused_signatures', heading: 'refused-signatures', chineseTitle: '有回调校验失败' },
  port_check: { text: 'port_check', heading: 'port-check', chineseTitle: '端口告警' },
}
