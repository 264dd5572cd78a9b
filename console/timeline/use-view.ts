import { useState } from 'preact/hooks'
import { shareOf, useDrag } from './use-drag.ts'
import { pan, type View, zoom } from './view.ts'

const zoomStep = 1.5
const panShare = 0.25

/** The visible part of the axis, and what changes it. */
export type ViewControl = {
  readonly view: View
  readonly zoomBy: (factor: number) => void
  readonly showAll: () => void
  /** Of the chart: dragging and arrow keys pan; two fingers, the wheel with Ctrl, and the keys + and − zoom. */
  readonly handlers: ReturnType<typeof useDrag> & {
    readonly onWheel: (event: WheelEvent) => void
    readonly onKeyDown: (event: KeyboardEvent) => void
  }
}

/** @param whole the axis. While the user sees all of it, the view follows it. */
export function useView(whole: View): ViewControl {
  const [chosen, setChosen] = useState<View>()
  const view = chosen ?? whole
  const length = view.to - view.from
  const dragHandlers = useDrag(view, whole, setChosen)
  const zoomBy = (factor: number, share = 0.5) => setChosen(zoom(view, whole, factor, view.from + share * length))
  const panBy = (share: number) => setChosen(pan(view, whole, share * length))
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => panBy(-panShare),
    ArrowRight: () => panBy(panShare),
    '+': () => zoomBy(1 / zoomStep),
    '=': () => zoomBy(1 / zoomStep),
    '-': () => zoomBy(zoomStep),
    '0': () => setChosen(undefined),
  }
  return {
    view,
    zoomBy,
    showAll: () => setChosen(undefined),
    handlers: {
      ...dragHandlers,
      onWheel(event) {
        if (event.ctrlKey || event.metaKey) {
          event.preventDefault()
          zoomBy(event.deltaY > 0 ? zoomStep : 1 / zoomStep, shareOf(event))
        } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) && event.currentTarget instanceof Element) {
          event.preventDefault()
          panBy(event.deltaX / event.currentTarget.clientWidth)
        }
      },
      onKeyDown(event) {
        const act = event.ctrlKey || event.metaKey ? undefined : keys[event.key]
        if (act === undefined) return
        event.preventDefault()
        act()
      },
    },
  }
}
