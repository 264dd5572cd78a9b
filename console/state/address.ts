import { signal } from '@preact/signals'

/** The part of the address after `#`, for example `#/rooms/1001?sort=name`. */
export type Address = {
  /** The decoded steps of the path, without empty ones. */
  readonly path: readonly string[]
  readonly parameters: Readonly<Record<string, string>>
  readonly hash: string
}

/** @returns the board for a path that is not valid percent-encoding. */
function parseAddress(hash: string): Address {
  const [path = '', ...query] = hash.replace(/^#\/?/, '').split('?')
  const parameters = Object.fromEntries(new URLSearchParams(query.join('?')))
  try {
    const steps = path.split('/').filter((step) => step !== '')
    return { path: steps.map(decodeURIComponent), parameters, hash }
  } catch {
    return { path: [], parameters: {}, hash }
  }
}

export function formatAddress(path: readonly string[], parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(parameters).toString()
  return `#/${path.map(encodeURIComponent).join('/')}${query === '' ? '' : `?${query}`}`
}

export const address = signal<Address>(parseAddress(location.hash))

/** The latest parameters of each page of the navigation, so that a link to it keeps the filters. */
const latestParameters = signal<Readonly<Record<string, Readonly<Record<string, string>>>>>({})

export function goTo(hash: string): void {
  if (hash === '#/') latestParameters.value = {}
  location.hash = hash
}

/** Changes parameters of the current address without a new entry in the browser's history. Empty ones are removed. */
export function changeParameters(changes: Readonly<Record<string, string>>): void {
  const { path, parameters } = address.value
  const changed = Object.entries({ ...parameters, ...changes }).filter(([, value]) => value !== '')
  const hash = formatAddress(path, Object.fromEntries(changed))
  history.replaceState(history.state, '', hash)
  show(hash)
}

/** The address of a page of the navigation, with the filters that it had last. */
export function linkToPage(name: string): string {
  const path = name === '' ? [] : [name]
  return formatAddress(path, latestParameters.value[name] ?? {})
}

function show(hash: string): void {
  const shown = parseAddress(hash)
  address.value = shown
  const [name = '', ...rest] = shown.path
  if (rest.length === 0) latestParameters.value = { ...latestParameters.peek(), [name]: shown.parameters }
}

export function followAddress(): void {
  window.addEventListener('hashchange', () => show(location.hash))
  show(location.hash)
}
