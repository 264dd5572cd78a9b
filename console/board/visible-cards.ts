import { useEffect, useMemo } from 'preact/hooks'
import type { BoardReader } from './board-reader.ts'

/** Cards count as visible a little before they are scrolled into view. */
const margin = '200px'

/**
 * Tells the reader which cards are on the screen, so that it reads only their people.
 *
 * @param refresh called if the people of a card have not been read yet.
 * @returns a function that begins to observe a card, and returns one that ends it. The card has the id of its room in `data-room`.
 */
export function useVisibleCards(reader: BoardReader, refresh: () => void): (card: Element) => () => void {
  const observer = useMemo(
    () => new IntersectionObserver((entries) => noteVisible(entries, reader, refresh), { rootMargin: margin }),
    [reader],
  )
  useEffect(() => () => observer.disconnect(), [observer])
  return useMemo(
    () => (card) => {
      observer.observe(card)
      return () => {
        observer.unobserve(card)
        reader.visibleIds.delete(roomOf(card))
      }
    },
    [observer],
  )
}

const roomOf = (card: Element) => card.getAttribute('data-room') ?? ''

function noteVisible(entries: readonly IntersectionObserverEntry[], reader: BoardReader, refresh: () => void): void {
  let needsPeople = false
  for (const { target, isIntersecting } of entries) {
    const id = roomOf(target)
    if (!isIntersecting) reader.visibleIds.delete(id)
    else {
      reader.visibleIds.add(id)
      needsPeople ||= reader.needsPeople(id)
    }
  }
  if (needsPeople) refresh()
}
