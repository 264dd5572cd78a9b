import { init } from 'echarts'
import type { StormScenario } from './scenarios.ts'

const slotMs = 500

/** Plots queue depth above delay, both over time. @returns SVG. */
export function renderStormPlot(title: string, scenarios: readonly StormScenario[]): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 640 })
  const timeAxis = (gridIndex: number) => ({ type: 'value' as const, gridIndex, min: 0, name: 's', nameGap: 8 })
  const line = (panel: number) => ({ type: 'line' as const, xAxisIndex: panel, yAxisIndex: panel, showSymbol: false })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 'center', top: 8 },
    // The entries are stacked because text widths are only estimated without a canvas.
    legend: { orient: 'vertical', right: 60, top: 100, data: scenarios.map(({ name }) => name) },
    grid: [
      { left: 80, right: 40, top: 80, height: 220 },
      { left: 80, right: 40, top: 380, height: 220 },
    ],
    xAxis: [timeAxis(0), timeAxis(1)],
    yAxis: [
      { type: 'value', gridIndex: 0, name: 'messages waiting / 等待的消息', nameTextStyle: { align: 'left' } },
      { type: 'value', gridIndex: 1, name: 'delay of applied events, s / 延迟, 秒', nameTextStyle: { align: 'left' } },
    ],
    series: [
      ...scenarios.map(({ name, storm }) => ({
        ...line(0),
        name,
        data: sampleSlots(storm.depths.map(({ atMs, waiting }) => [atMs, waiting])),
      })),
      ...scenarios.map(({ name, storm }) => ({
        ...line(1),
        name,
        data: sampleSlots(storm.delays.map(({ atMs, delayMs }) => [atMs, delayMs / 1000])),
      })),
    ],
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

/** Keeps the last point of each half second. @param points ms and figure, in order. @returns seconds and figure. */
function sampleSlots(points: readonly (readonly [number, number])[]): [number, number][] {
  const lastOfSlot = new Map(points.map(([atMs, figure]) => [Math.floor(atMs / slotMs), figure]))
  return [...lastOfSlot].map(([slot, figure]) => [((slot + 1) * slotMs) / 1000, figure])
}
