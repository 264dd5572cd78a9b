const storageKey = 'northbound-positions'
const maxPositions = 50
/** A position that was not reached by then is given up: the page has become shorter. */
const maxRestoreMs = 5_000

/** Heights of cards are estimates at first, so a position is kept until it has held for this long. */
const minStableFrames = 10

type Position = {
  /** Pixels from the top of the page. */
  readonly y: number
  /** The first card on the screen, by its `data-room`. Its place is exact, while the heights of cards above it may differ later. */
  readonly card?: {
    readonly id: string
    /** Pixels from the top of the screen. */
    readonly top: number
  }
}
type Positions = Record<string, Position>

const positions: Positions = readPositions()
type Restoring = { readonly to: Position; readonly untilMs: number; stableFrames: number }

let restoring: Restoring | undefined

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
  const savePosition = () => {
    if (restoring === undefined) positions[current] = readPosition()
  }
  window.addEventListener('hashchange', () => {
    // The page that is left is still on the screen.
    savePosition()
    current = entryKey()
    beginRestoring(current)
  })
  for (const input of ['wheel', 'touchstart', 'keydown', 'pointerdown'])
    window.addEventListener(input, () => (restoring = undefined), { passive: true })
  window.addEventListener('pagehide', () => {
    savePosition()
    storePositions()
  })
}

function beginRestoring(entry: string): void {
  restoring = { to: positions[entry] ?? { y: 0 }, untilMs: performance.now() + maxRestoreMs, stableFrames: 0 }
  continueRestoring(restoring)
}

function continueRestoring(begun: Restoring): void {
  if (restoring !== begun) return
  begun.stableFrames = restoreScroll() ? begun.stableFrames + 1 : 0
  if (begun.stableFrames >= minStableFrames || performance.now() > begun.untilMs) restoring = undefined
  else requestAnimationFrame(() => continueRestoring(begun))
}

/**
 * Scrolls to where the user left this entry of the history, as far as the page is long enough.
 *
 * @returns whether the page was there already.
 */
export function restoreScroll(): boolean {
  if (restoring === undefined) return true
  const { y, card } = restoring.to
  const element = card && findCard(card.id)
  const distance = card && element ? topOf(element) - card.top : y - scrollY
  if (Math.abs(distance) < 1) return true
  scrollTo(0, scrollY + distance)
  return false
}

function readPosition(): Position {
  const first = cards().find((element) => element.getBoundingClientRect().bottom > 0)
  const id = first?.getAttribute('data-room')
  return first && id ? { y: scrollY, card: { id, top: topOf(first) } } : { y: scrollY }
}

const cards = () => [...document.querySelectorAll('[data-room]')]
const findCard = (id: string) => document.querySelector(`[data-room="${CSS.escape(id)}"]`)
const topOf = (element: Element) => element.getBoundingClientRect().top

export function forgetScroll(): void {
  for (const entry of Object.keys(positions)) delete positions[entry]
  sessionStorage.removeItem(storageKey)
}

function storePositions(): void {
  const latest = Object.entries(positions).slice(-maxPositions)
  sessionStorage.setItem(storageKey, JSON.stringify(Object.fromEntries(latest)))
}
