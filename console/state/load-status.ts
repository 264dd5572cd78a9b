import { signal } from '@preact/signals'
import { ApiError } from '../api.ts'

export type Problem = { readonly kind: 'connectionLost' } | { readonly kind: 'failed'; readonly error: ApiError }

/** How the loading of the page goes: shown in the frame around it. */
export type LoadStatus = {
  /** ms since 1970; undefined until data has been loaded. */
  readonly loadedAt: number | undefined
  readonly problem: Problem | undefined
}

export const loadStatus = signal<LoadStatus>({ loadedAt: undefined, problem: undefined })

export function noteLoaded(): void {
  loadStatus.value = { loadedAt: Date.now(), problem: undefined }
}

/** @param error of a request; 404 is up to the page. */
export function noteFailure(error: unknown): void {
  const isLost = !(error instanceof ApiError) || error.status >= 500
  const problem: Problem = isLost ? { kind: 'connectionLost' } : { kind: 'failed', error }
  loadStatus.value = { ...loadStatus.peek(), problem }
}

export function noteOpened(): void {
  loadStatus.value = { loadedAt: undefined, problem: undefined }
}
