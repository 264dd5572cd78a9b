import type { WarningCode } from '../api-types.ts'
import type { TextKey } from '../words.ts'

type Explanation = {
  /** What the warning means. */
  readonly text: TextKey
  /** The heading in `docs/runbook.md` that says what to do. */
  readonly heading: string
  /** The title of its alarm or alert. */
  readonly title: { readonly chinese: string; readonly english: string }
}

export const explanations: Readonly<Record<WarningCode, Explanation>> = {
  callbacks_missing: {
    text: 'callbacks_missing',
    heading: 'callbacks-missing',
    title: { chinese: '回调中断', english: 'callbacks are missing' },
  },
  mass_disappearance: {
    text: 'mass_disappearance',
    heading: 'mass-disappearance',
    title: {
      chinese: '大量房间和用户从房间列表中消失',
      english: 'rooms and participants are missing from the room list',
    },
  },
  sweep_failing: {
    text: 'sweep_failing',
    heading: 'sweeps-failing',
    title: { chinese: '与平台核对持续失败', english: 'reconciling with the platform keeps failing' },
  },
  dead_letters: {
    text: 'dead_letters_waiting',
    heading: 'dead-letters',
    title: { chinese: '有事件处理失败', english: 'events failed for good' },
  },
  refused_signatures: {
    text: 'refused_signatures',
    heading: 'refused-signatures',
    title: { chinese: '有回调校验失败', english: 'callbacks with wrong check codes are refused' },
  },
  port_check: {
    text: 'port_check',
    heading: 'port-check',
    title: { chinese: '端口告警', english: 'port alert' },
  },
}
