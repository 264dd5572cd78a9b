import { useEffect, useRef } from 'preact/hooks'
import { findRoomName, wantRoomName } from './room-names.ts'

const ids = new WeakMap<Element, string>()

/** Only rooms on the screen are read: a table can have a thousand. */
const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const id = ids.get(target)
    if (isIntersecting && id !== undefined) wantRoomName(id)
  }
})

/** @returns the name of a room, null until it is known, and a reference for the element that shows it. */
export function useRoomName<Shown extends Element>(id: string) {
  const element = useRef<Shown>(null)
  useEffect(() => {
    const { current } = element
    if (current === null) return undefined
    ids.set(current, id)
    observer.observe(current)
    return () => observer.unobserve(current)
  }, [id])
  return { name: findRoomName(id), element }
}
