import { init } from 'echarts'
import type { StormOutcome } from './model.ts'
import type { StormScenario } from './scenarios.ts'

const slotMs = 500
const panelHeight = 190
const panelDistance = 270

type Point = readonly [atMs: number, figure: number]

/** What each panel shows of a scenario. */
const panels: readonly { readonly title: string; readonly read: (scenario: StormScenario) => Point[] }[] = [
  {
    title: 'messages waiting / 等待的消息',
    read: ({ storm }) => storm.depths.map(({ atMs, waiting }): Point => [atMs, waiting]),
  },
  {
    title: 'delay of the room, s / 该房间的延迟, 秒',
    read: ({ storm, summary }) => listDelays(storm, (group) => group === summary.group),
  },
  {
    title: 'delay of other rooms, s / 其他房间的延迟, 秒',
    read: ({ storm, summary }) => listDelays(storm, (group) => group !== summary.group),
  },
]

function listDelays({ delays }: StormOutcome, isShown: (group: string) => boolean): Point[] {
  return delays.filter(({ group }) => isShown(group)).map(({ atMs, delayMs }): Point => [atMs, delayMs / 1000])
}

/** Plots the queue and the delays of applied events over time. @returns SVG. */
export function renderStormPlot(title: string, scenarios: readonly StormScenario[]): string {
  const height = 80 + panels.length * panelDistance
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 900, height })
  const maxSeconds = Math.ceil(Math.max(...scenarios.map(({ summary }) => summary.lastAppliedMs / 1000)) + 5)
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 'center', top: 8 },
    // The entries are stacked because text widths are only estimated without a canvas.
    legend: { orient: 'vertical', right: 60, top: 80, data: scenarios.map(({ name }) => name) },
    grid: panels.map((_, panel) => ({ left: 80, right: 40, top: 80 + panel * panelDistance, height: panelHeight })),
    xAxis: panels.map((_, gridIndex) => ({
      type: 'value' as const,
      gridIndex,
      min: 0,
      max: maxSeconds,
      name: 's',
      nameGap: 8,
    })),
    yAxis: panels.map((panel, gridIndex) => ({
      type: 'value' as const,
      gridIndex,
      name: panel.title,
      nameTextStyle: { align: 'left' as const },
    })),
    series: panels.flatMap(({ read }, panel) =>
      scenarios.map((scenario) => ({
        type: 'line' as const,
        xAxisIndex: panel,
        yAxisIndex: panel,
        showSymbol: false,
        name: scenario.name,
        data: sampleSlots(read(scenario), maxSeconds),
      })),
    ),
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

/** Keeps the largest figure of each half second. @param points in order. @returns seconds and figure. */
function sampleSlots(points: readonly Point[], maxSeconds: number): [number, number][] {
  const largest = new Map<number, number>()
  for (const [atMs, figure] of points) {
    const slot = Math.floor(atMs / slotMs)
    if (atMs >= 0 && atMs < maxSeconds * 1000) largest.set(slot, Math.max(largest.get(slot) ?? 0, figure))
  }
  return [...largest].map(([slot, figure]) => [((slot + 1) * slotMs) / 1000, figure])
}
