import { api } from './api.ts'
import type { WarningCode } from './api-types.ts'
import { h } from './dom.ts'
import { type TextKey, translate } from './words.ts'

const minReadIntervalMs = 30_000

const texts: Readonly<Record<WarningCode, TextKey>> = {
  callbacks_missing: 'callbacks_missing',
  mass_disappearance: 'mass_disappearance',
  sweep_failing: 'sweep_failing',
  dead_letters: 'dead_letters_waiting',
}

/** What needs attention in the installation, on every page. It is read much less often than the page. */
export class Warnings {
  codes: readonly WarningCode[] = []
  #readAtMs = Number.NEGATIVE_INFINITY

  /**
   * Reads the warnings if the last time was long ago. A failure changes nothing: the page itself reports it.
   *
   * @param onChange called if the warnings have changed.
   */
  async refresh(onChange: () => void): Promise<void> {
    if (performance.now() - this.#readAtMs < minReadIntervalMs) return
    const readAtMs = performance.now()
    this.#readAtMs = readAtMs
    const stats = await api.readStats().catch(() => undefined)
    // A reset in between means that somebody else has signed in.
    if (stats === undefined || this.#readAtMs !== readAtMs) return
    const hasChanged = stats.warnings.join() !== this.codes.join()
    this.codes = stats.warnings
    if (hasChanged) onChange()
  }

  /** Forgets the warnings, so that nobody sees them who has not signed in. */
  reset(): void {
    this.codes = []
    this.#readAtMs = Number.NEGATIVE_INFINITY
  }
}

export function warningList(codes: readonly WarningCode[]): HTMLElement {
  return h('ul', { class: 'plain' }, ...codes.map((code) => h('li', {}, translate(texts[code]))))
}
