const storageKey = 'northbound-scroll'
const maxPositions = 50
/** A position that was not reached by then is given up: the page has become shorter. */
const maxRestoreMs = 5_000

type Positions = Record<string, number>

const positions: Positions = readPositions()
let restoring: { readonly to: number; readonly untilMs: number } | undefined

function readPositions(): Positions {
  const stored: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}')
  return typeof stored === 'object' && stored !== null ? (stored as Positions) : {}
}

/** Identifies an entry of the browser's history. */
function entryKey(): string {
  const state: unknown = history.state
  if (typeof state === 'object' && state !== null && 'entry' in state) return String(state.entry)
  const entry = crypto.randomUUID()
  history.replaceState({ entry }, '')
  return entry
}

/**
 * Remembers how far each entry of the history was scrolled. The browser cannot restore it by itself: the data of the page
 * arrives later.
 */
export function followScroll(): void {
  history.scrollRestoration = 'manual'
  let current = entryKey()
  beginRestoring(current)
  window.addEventListener(
    'scroll',
    () => {
      if (restoring === undefined) positions[current] = scrollY
    },
    { passive: true },
  )
  window.addEventListener('hashchange', () => {
    current = entryKey()
    beginRestoring(current)
    restoreScroll()
  })
  for (const input of ['wheel', 'touchstart', 'keydown', 'pointerdown'])
    window.addEventListener(input, () => (restoring = undefined), { passive: true })
  window.addEventListener('pagehide', storePositions)
}

function beginRestoring(entry: string): void {
  restoring = { to: positions[entry] ?? 0, untilMs: performance.now() + maxRestoreMs }
}

/** Scrolls to where the user left this entry of the history, as soon as the page is long enough. */
export function restoreScroll(): void {
  if (restoring === undefined) return
  const { to, untilMs } = restoring
  scrollTo(0, to)
  if (Math.abs(scrollY - to) < 2 || performance.now() > untilMs) restoring = undefined
}

export function forgetScroll(): void {
  for (const entry of Object.keys(positions)) delete positions[entry]
  sessionStorage.removeItem(storageKey)
}

function storePositions(): void {
  const latest = Object.entries(positions).slice(-maxPositions)
  sessionStorage.setItem(storageKey, JSON.stringify(Object.fromEntries(latest)))
}
