import { addAbortSignal } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Terminal } from './terminal.ts'

/** Reads standard input to its end. @throws if the terminal's signal aborts before. */
export function readStandardInput({ stdin, signal }: Pick<Terminal, 'stdin' | 'signal'>): Promise<Buffer> {
  return buffer(addAbortSignal(signal, stdin))
}
