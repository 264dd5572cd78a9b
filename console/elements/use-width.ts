import { useLayoutEffect, useState } from 'preact/hooks'

/** The width of an element in pixels, which changes with the window. */
export function useWidth(element: { readonly current: Element | null }): number {
  const [width, setWidth] = useState(800)
  useLayoutEffect(() => {
    if (element.current === null) return undefined
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 800))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return width
}
