import { init } from 'echarts'
import type { Storm } from './storm-model.ts'

const slot = 500

/** Queue depth and delay over time, one beneath the other. @returns SVG. */
export function stormPlot(title: string, storms: readonly { readonly name: string; readonly storm: Storm }[]): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 900, height: 640 })
  const axis = (gridIndex: number) => ({ type: 'value' as const, gridIndex, min: 0, name: 's', nameGap: 8 })
  const line = (panel: number) => ({ type: 'line' as const, xAxisIndex: panel, yAxisIndex: panel, showSymbol: false })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 'center', top: 8 },
    // Beneath each other: without a canvas, the width of a text is only guessed.
    legend: { orient: 'vertical', right: 60, top: 100, data: storms.map(({ name }) => name) },
    grid: [
      { left: 80, right: 40, top: 80, height: 220 },
      { left: 80, right: 40, top: 380, height: 220 },
    ],
    xAxis: [axis(0), axis(1)],
    yAxis: [
      { type: 'value', gridIndex: 0, name: 'messages waiting / 等待的消息', nameTextStyle: { align: 'left' } },
      { type: 'value', gridIndex: 1, name: 'delay of what is applied, s / 延迟, 秒', nameTextStyle: { align: 'left' } },
    ],
    series: [
      ...storms.map(({ name, storm }) => ({
        ...line(0),
        name,
        data: lastOfSlots(storm.moments.map(({ at, waiting }) => [at, waiting])),
      })),
      ...storms.map(({ name, storm }) => ({
        ...line(1),
        name,
        data: lastOfSlots(storm.delays.map(({ at, delay }) => [at, delay / 1000])),
      })),
    ],
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

/** One point for each half second: sixty thousand show nothing more. @param points ms and figure, in order. */
function lastOfSlots(points: readonly (readonly [number, number])[]): [number, number][] {
  const bySlot = new Map(points.map(([at, figure]) => [Math.floor(at / slot), figure]))
  return [...bySlot].map(([index, figure]) => [((index + 1) * slot) / 1000, figure])
}
