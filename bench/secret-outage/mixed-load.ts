import { signCallback } from '@northbound/avd-simulator'
import { createCallback } from '../recovery/callback-load.ts'
import { startConstantLoad } from '../recovery/constant-load.ts'

/** `forged`: with a wrong `check_code`; `unsigned`: without one. */
export type CallbackKind = 'genuine' | 'forged' | 'unsigned'

/** A callback and how it was answered. Times are those of `performance.now()`. */
export type AnsweredCallback = {
  readonly kind: CallbackKind
  readonly traceId: string
  readonly sentAtMs: number
  readonly answerMs: number
  /** Undefined if there was no answer. */
  readonly status: number | undefined
}

export type MixedLoad = {
  readonly answered: readonly AnsweredCallback[]
  /** Resolves when all callbacks have been answered. */
  stop(): Promise<void>
}

/** Sends callbacks at a constant rate: one in ten is forged, one in twenty unsigned. */
export function startMixedLoad(url: string, key: string, name: string, perSecond: number): MixedLoad {
  const answered: AnsweredCallback[] = []
  let genuine = 0

  async function send(index: number): Promise<void> {
    const kind = chooseKind(index)
    const params = kind === 'genuine' ? createCallback(genuine++, name) : createCallback(index, `${name}-${kind}`)
    const sent = kind === 'unsigned' ? params : signCallback(params, kind === 'forged' ? `not ${key}` : key)
    const sentAtMs = performance.now()
    const response = await fetch(`${url}?${new URLSearchParams(sent)}`).catch(() => undefined)
    await response?.arrayBuffer().catch(() => undefined)
    answered.push({
      kind,
      traceId: params.trace_id ?? '',
      sentAtMs,
      answerMs: performance.now() - sentAtMs,
      status: response?.status,
    })
  }

  const { stop } = startConstantLoad(perSecond, send)
  return { answered, stop }
}

function chooseKind(index: number): CallbackKind {
  if (index % 10 === 4) return 'forged'
  return index % 20 === 9 ? 'unsigned' : 'genuine'
}
