import { signal } from '@preact/signals'

const storageKey = 'northbound-token'

/** The API token of this tab; null while signed out. Session storage loses it when the tab is closed. */
export const token = signal<string | null>(sessionStorage.getItem(storageKey))

export function storeToken(value: string): void {
  sessionStorage.setItem(storageKey, value)
  token.value = value
}

export function clearToken(): void {
  sessionStorage.removeItem(storageKey)
  token.value = null
}

/** An HTTP header cannot carry other characters, so they cannot be part of a token. */
export const isPossibleToken = (text: string) => /^[\x21-\x7e]+$/.test(text)
