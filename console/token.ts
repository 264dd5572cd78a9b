const storageKey = 'northbound-token'

/** The API token. Session storage loses it when the tab is closed. */
export const apiToken = {
  read: () => sessionStorage.getItem(storageKey),
  store: (token: string) => sessionStorage.setItem(storageKey, token),
  clear: () => sessionStorage.removeItem(storageKey),
}
