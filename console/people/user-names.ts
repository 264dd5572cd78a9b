import { signal } from '@preact/signals'

type UserName = { readonly id: string; readonly name: string }

/** Of the user whose page was loaded last. */
const latest = signal<UserName | undefined>(undefined)

/** The name of a user; null if it is not known. A component that calls it is rendered again with the name. */
export const findUserName = (id: string): string | null => (latest.value?.id === id ? latest.value.name : null)

/** Remembers the name for the title of the browser tab. */
export function noteUserName(id: string, name: string): void {
  if (findUserName(id) !== name) latest.value = { id, name }
}

export function forgetUserName(): void {
  latest.value = undefined
}
