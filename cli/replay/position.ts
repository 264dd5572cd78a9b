import { z } from 'zod'
import { usageError } from '../cli-error.ts'

/** A room or a media server, whose events are published one after another. */
export type ReplaySource = { readonly kind: 'room' | 'box'; readonly id: string }

/** How far a replay is. `cursor`: continues within the source; null after its last event. */
export type ReplayPosition = { readonly source: ReplaySource; readonly cursor: string | null }

const positionSchema = z.tuple([z.enum(['room', 'box']), z.string(), z.string().nullable()])

export function encodePosition({ source: { kind, id }, cursor }: ReplayPosition): string {
  return Buffer.from(JSON.stringify([kind, id, cursor])).toString('base64url')
}

/** Reads the option `--after`. @throws CliError */
export function readPosition(text: string): ReplayPosition {
  const position = positionSchema.safeParse(parseText(text))
  if (!position.success)
    throw usageError({ en: '--after is not a position of a replay', zh: '--after 不是 replay 给出的位置' })
  const [kind, id, cursor] = position.data
  return { source: { kind, id }, cursor }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** Media servers come before rooms, and both in the order of their ids. */
export function compareSources(one: ReplaySource, other: ReplaySource): number {
  if (one.kind !== other.kind) return one.kind < other.kind ? -1 : 1
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}
