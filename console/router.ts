import type { Board } from './board.ts'
import type { ConsolePage } from './page.ts'
import { boxesPage, ingestionPage, type RecordingsPage, userPage } from './pages.ts'
import { roomPage } from './room-page.ts'

/** Returns the page at an address such as `#/rooms/1001`; the board for an unknown address. */
export function findPage(
  hash: string,
  { board, recordings }: { board: Board; recordings: RecordingsPage },
): ConsolePage {
  const owner = parseOwner(hash)
  if (owner !== undefined) return 'room' in owner ? roomPage(owner.room) : userPage(owner.user)
  const pages: Readonly<Record<string, ConsolePage>> = { recordings, boxes: boxesPage, ingestion: ingestionPage }
  const [, name = ''] = /^#\/([^/]*)/.exec(hash) ?? []
  return (Object.hasOwn(pages, name) ? pages[name] : undefined) ?? board
}

/** Parses the room or user whose page is at this address; undefined for all other addresses. */
export function parseOwner(hash: string): { readonly room: string } | { readonly user: string } | undefined {
  const [, kind, encodedId = ''] = /^#\/(rooms|users)\/(.*)$/.exec(hash) ?? []
  const id = decodeId(encodedId)
  if (id === '') return undefined
  return kind === 'rooms' ? { room: id } : { user: id }
}

/** @returns an empty string if the id is not valid percent-encoding. */
function decodeId(encodedId: string): string {
  try {
    return decodeURIComponent(encodedId)
  } catch {
    return ''
  }
}
