import type { Bilingual } from '../core/notifications/alert-text.ts'
import { ExplainedError } from '../core/ports/explained-error.ts'
import { asError } from './as-error.ts'

/** Explains an error to operators. What AWS or Node.js says is known in English only, so the Chinese text quotes it. */
export function explain(error: unknown): Bilingual {
  if (error instanceof ExplainedError) return error.text
  const { message } = asError(error)
  return { english: message, chinese: `内部错误（英文原文）：${message}` }
}
