import type { Text } from '../language.ts'
import { inLanguage, type Terminal } from '../terminal.ts'
import type { SimulationSummary } from './tally.ts'

/** Describes a simulation for people. */
export function describeSummary(terminal: Pick<Terminal, 'language'>, summary: SimulationSummary): string[] {
  const say = (text: Text) => inLanguage(terminal, text)
  const separator = say({ en: ', ', zh: '、' })
  const { seed, seconds, rate, sent, acknowledged, refused, no_response, unexpected, rooms, interrupted } = summary
  const { p50, p90, p99, max } = summary.latency_ms
  return [
    ...(interrupted ? [say({ en: 'interrupted', zh: '已中断' })] : []),
    say({
      en: `sent ${sent} callbacks in ${seconds} s: ${rate.reached}/s of ${rate.asked}/s; seed ${seed}`,
      zh: `${seconds} 秒内发送 ${sent} 次回调：${rate.reached}/s（要求 ${rate.asked}/s）；seed ${seed}`,
    }),
    say({ en: `acknowledged: ${acknowledged}`, zh: `已接受：${acknowledged}` }),
    ...Object.entries(refused).map(([status, count]) =>
      say({ en: `refused with ${status}: ${count}`, zh: `被拒绝（${status}）：${count}` }),
    ),
    ...(no_response === 0 ? [] : [say({ en: `no response: ${no_response}`, zh: `无响应：${no_response}` })]),
    ...(unexpected === 0 ? [] : [say({ en: `not as expected: ${unexpected}`, zh: `不符合预期：${unexpected}` })]),
    say({ en: 'events: ', zh: '事件：' }) + formatCounts(summary.by_event, separator),
    ...(Object.keys(summary.faults).length === 0
      ? []
      : [say({ en: 'faults: ', zh: '注入的故障：' }) + formatCounts(summary.faults, separator)]),
    say({
      en: `latency from the due time: median ${p50} ms, p90 ${p90} ms, p99 ${p99} ms, at most ${max} ms`,
      zh: `延迟（自应发送时刻起）：中位数 ${p50} 毫秒，p90 ${p90} 毫秒，p99 ${p99} 毫秒，最大 ${max} 毫秒`,
    }),
    say({
      en: `rooms: ${rooms.opened} opened, ${rooms.left_open} left open`,
      zh: `房间：打开 ${rooms.opened} 个，未能关闭 ${rooms.left_open} 个`,
    }),
  ]
}

function formatCounts(counts: Readonly<Record<string, number>>, separator: string): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(separator)
}
