import { type AnswerShape, pageAnswer, roomListAnswer, roomsOnPage } from './answer-shapes.ts'
import type { Room } from './world.ts'

/**
 * How the lists answer. `timeout`: taken, never answered. `unrecognisable`: `{"ret":0}`. `empty`: well written,
 * with nothing in it. `half`: half of a text; in pages, a first page that says how many there are and then empty
 * ones, or with `half-failing` the status 500.
 */
export type ListAnswer =
  | 'ok'
  | 'timeout'
  | 'html'
  | 'unrecognisable'
  | 'empty'
  | 'half'
  | 'half-failing'
  | { readonly status: number }
  | { readonly ret: number }
  | { readonly delayMs: number }

export interface ApiAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
  readonly delayMs?: number
}

/** @returns undefined where there is never to be an answer. */
export function answerList(how: ListAnswer, good: (nothing: boolean) => object): ApiAnswer | undefined {
  if (typeof how === 'object') return answerWithNumber(how, good)
  switch (how) {
    case 'ok':
      return json(good(false))
    case 'empty':
      return json(good(true))
    case 'timeout':
      return undefined
    case 'html':
      return { status: 200, contentType: 'text/html', text: '<!doctype html><title>AVD</title><p>维护中</p>' }
    case 'unrecognisable':
      return json({ ret: 0 })
    case 'half':
    case 'half-failing': {
      const whole = json(good(false))
      return { ...whole, text: whole.text.slice(0, Math.ceil(whole.text.length / 2)) }
    }
  }
}

/** `room/list` in pages, of which only the first has something in it, although that is not all. */
function answerHalfThePages(how: 'half' | 'half-failing', rooms: readonly Room[], page: number): ApiAnswer {
  if (page === 1) {
    const first = rooms.slice(0, Math.min(roomsOnPage, Math.floor(rooms.length / 2)))
    return json(pageAnswer(first, rooms.length, page))
  }
  return how === 'half' ? json(pageAnswer([], rooms.length, page)) : failure(500)
}

export function answerRooms(
  how: ListAnswer,
  shape: AnswerShape,
  rooms: readonly Room[],
  page: number,
): ApiAnswer | undefined {
  if (shape === 'paged' && (how === 'half' || how === 'half-failing')) return answerHalfThePages(how, rooms, page)
  return answerList(how, (nothing) => roomListAnswer(shape, nothing ? [] : rooms, page))
}

export function json(value: object): ApiAnswer {
  return { status: 200, contentType: 'application/json; charset=utf-8', text: JSON.stringify(value) }
}

function failure(status: number): ApiAnswer {
  return { status, contentType: 'text/plain', text: 'simulated failure' }
}

function answerWithNumber(how: Extract<ListAnswer, object>, good: (nothing: boolean) => object): ApiAnswer {
  if ('status' in how) return failure(how.status)
  if ('ret' in how) return json({ ret: how.ret, msg: 'simulated failure' })
  return { ...json(good(false)), delayMs: how.delayMs }
}
