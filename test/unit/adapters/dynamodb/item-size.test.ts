import { describe, expect, it } from 'vitest'
import { storedProjectionSize } from '../../../../bench/stored-projections.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { maxStreams, maxSubscriptions } from '../../../../core/state/media.ts'
import { event } from '../../../support/events.ts'

const maxItemBytes = 400 * 1024
const second = 1000

/** Random printable text, which hardly compresses. */
function randomText(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  return Array.from(bytes, (byte) => String.fromCharCode(33 + (byte % 94))).join('')
}

/** A history whose events carry texts of more than the maximum length. */
class History {
  readonly events: NorthboundEvent[] = []
  #at = 0

  add(name: string, params: Record<string, string> = {}): this {
    return this.#add(name, params, 1, 'callback')
  }

  correct(name: string, afterMs = 60 * second): this {
    return this.#add(name, { event_type: 'reconciled' }, afterMs, 'reconcile')
  }

  /** Switches on more media than a participant can have, without a pause. */
  switchOnMedia(): this {
    for (let index = 0; index < maxStreams + 10; index++) this.#addMedium('publish', randomText(30))
    for (let index = 0; index < maxSubscriptions + 10; index++) this.#addMedium('sub', '')
    return this
  }

  #addMedium(name: string, resolution: string): void {
    this.#add(name, { stream_id: randomText(400), stream_type: 'desktop', resolution }, 1, 'callback')
  }

  #add(name: string, params: Record<string, string>, afterMs: number, source: 'callback' | 'reconcile'): this {
    this.#at += afterMs
    const profile = source === 'callback' ? { user_name: randomText(2000), endpoint_type: randomText(200) } : {}
    this.events.push(event(name, { ...profile, ...params }, { at: this.#at, source }))
    return this
  }
}

const kick = { event_type: 'clientKick' }
const kickAndReturn = (history: History) =>
  history.add('leave', kick).switchOnMedia().correct('join', 1).switchOnMedia()
const withMedia = () => new History().add('join').switchOnMedia()

describe("a participant's item", () => {
  it.each([
    ['too many media', withMedia()],
    ['media that void an estimated end', withMedia().correct('leave').switchOnMedia()],
    ['media that void an estimated end before a kick', withMedia().correct('leave').switchOnMedia().add('leave', kick)],
    [
      'media on both sides of a kick and an estimated join',
      withMedia().correct('leave').switchOnMedia().add('leave', kick).correct('join', 1).switchOnMedia(),
    ],
    ['media between kicks and estimated joins', kickAndReturn(kickAndReturn(kickAndReturn(withMedia())))],
    ['the end of too many media', withMedia().add('leave', { event_type: 'normal' })],
    ['media between two kicks', withMedia().add('leave', kick).switchOnMedia().add('leave', kick).switchOnMedia()],
    [
      'a hundred kicks',
      Array.from({ length: 100 }).reduce<History>((history) => history.add('leave', kick), withMedia()),
    ],
    ['a hundred joins', Array.from({ length: 100 }).reduce<History>((history) => history.add('join'), withMedia())],
  ])('stays below 400 KB with %s', (_, history) => {
    expect(storedProjectionSize(history.events)).toBeLessThan(maxItemBytes)
  })
})
