import { useRef, useState } from 'preact/hooks'
import { pan, type View, zoom } from './view.ts'

const zoomStep = 1.5
const panShare = 0.25

/** The visible part of the axis, and what changes it. */
export type ViewControl = {
  readonly view: View
  readonly zoomBy: (factor: number) => void
  readonly showAll: () => void
  /** Of the chart: dragging and arrow keys pan; the wheel with Ctrl, and the keys + and − zoom. */
  readonly handlers: {
    readonly onWheel: (event: WheelEvent) => void
    readonly onPointerDown: (event: PointerEvent) => void
    readonly onPointerMove: (event: PointerEvent) => void
    readonly onPointerUp: () => void
    readonly onKeyDown: (event: KeyboardEvent) => void
  }
}

/** @param whole the axis. While the user sees all of it, the view follows it. */
export function useView(whole: View): ViewControl {
  const [chosen, setChosen] = useState<View>()
  const dragged = useRef<{ readonly x: number; readonly view: View }>(undefined)
  const view = chosen ?? whole
  const middle = (view.from + view.to) / 2
  const length = view.to - view.from
  const zoomBy = (factor: number, aroundMs = middle) => setChosen(zoom(view, whole, factor, aroundMs))
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => setChosen(pan(view, whole, -panShare * length)),
    ArrowRight: () => setChosen(pan(view, whole, panShare * length)),
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
      onWheel(event) {
        if (!event.ctrlKey && !event.metaKey) return
        event.preventDefault()
        zoomBy(event.deltaY > 0 ? zoomStep : 1 / zoomStep, timeAt(event, view))
      },
      onPointerDown(event) {
        dragged.current = { x: event.clientX, view }
        if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId)
      },
      onPointerMove(event) {
        if (dragged.current === undefined || !(event.currentTarget instanceof Element)) return
        const movedShare = (event.clientX - dragged.current.x) / event.currentTarget.clientWidth
        setChosen(pan(dragged.current.view, whole, -movedShare * length))
      },
      onPointerUp() {
        dragged.current = undefined
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

function timeAt(event: MouseEvent, { from, to }: View): number {
  if (!(event.currentTarget instanceof Element)) return (from + to) / 2
  const { left, width } = event.currentTarget.getBoundingClientRect()
  return from + ((event.clientX - left) / width) * (to - from)
}
