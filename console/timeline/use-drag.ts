import { useRef } from 'preact/hooks'
import { drag, type View } from './view.ts'

/** A view, and where fingers or the pointer were on the axis when it was shown, from 0 to 1. */
type Grip = { readonly view: View; readonly at: ReadonlyMap<number, number> }

/** At most two fingers count. */
const maxFingers = 2

/**
 * Moves the view with the pointer or fingers.
 *
 * @returns the handlers of the axis for pointer events.
 */
export function useDrag(view: View, whole: View, choose: (view: View) => void) {
  const grip = useRef<Grip>(undefined)
  const now = useRef(new Map<number, number>())
  const takeGrip = () => {
    grip.current = now.current.size === 0 ? undefined : { view, at: new Map(now.current) }
  }
  const release = ({ pointerId }: PointerEvent) => {
    if (now.current.delete(pointerId)) takeGrip()
  }
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0 || now.current.size >= maxFingers) return
      now.current.set(event.pointerId, shareOf(event))
      takeGrip()
      if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent) {
      if (grip.current === undefined || !now.current.has(event.pointerId)) return
      now.current.set(event.pointerId, shareOf(event))
      choose(drag(grip.current.view, whole, [...grip.current.at.values()], [...now.current.values()]))
    },
    onPointerUp: release,
    // The browser takes over, for example to scroll the page.
    onPointerCancel: release,
  }
}

/** Where an event is on the axis, from 0 to 1. */
export function shareOf(event: MouseEvent): number {
  if (!(event.currentTarget instanceof Element)) return 0.5
  const { left, width } = event.currentTarget.getBoundingClientRect()
  return (event.clientX - left) / width
}
