import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ApiError } from '../api.ts'
import { findData, keepData } from './data-cache.ts'
import { hasHappened } from './has-happened.ts'
import { keepEqual } from './keep-equal.ts'
import { noteFailure, noteLoaded, noteOpened } from './load-status.ts'
import { type Polling, startPolling } from './polling.ts'
import { restoreScroll } from './scroll.ts'
import { acceptToken, expireToken } from './session.ts'

type Shown<Data> = { readonly key: string; readonly data: Data | undefined; readonly isMissing: boolean }

/** What a page shows, and how to load it again at once. */
export type PageData<Data> = {
  /** Undefined until it has been loaded. */
  readonly data: Data | undefined
  /** Whether the API says that there is no such room or user. */
  readonly isMissing: boolean
  /** Loads as soon as no other load is under way. */
  readonly refresh: () => void
}

/**
 * Loads the data of the page, and again now and then.
 *
 * @param key identifies what is loaded; another key discards the data.
 * @param load gets the data that is shown; undefined before the first.
 */
export function useData<Data>(key: string, load: (shown: Data | undefined) => Promise<Data>): PageData<Data> {
  const [shown, setShown] = useState<Shown<Data>>(() => initial(key))
  const current = shown.key === key ? shown : initial<Data>(key)
  const latestLoad = useRef(load)
  latestLoad.current = load
  const polling = useRef<Polling>(undefined)
  useEffect(() => {
    noteOpened()
    let latest = findData(key) as Data | undefined
    polling.current = startPolling<Data>({
      load: () => latestLoad.current(latest),
      show(loaded) {
        acceptToken()
        noteLoaded()
        const before = latest
        latest = keepEqual(before, loaded)
        keepData(key, latest)
        if (latest !== before) setShown({ key, data: latest, isMissing: false })
        return hasHappened(before, latest)
      },
      fail(error) {
        if (error instanceof ApiError && error.status === 401) return expireToken()
        if (error instanceof ApiError && error.status === 404) {
          acceptToken()
          noteLoaded()
          latest = undefined
          return setShown({ key, data: undefined, isMissing: true })
        }
        noteFailure(error)
      },
    })
    return () => polling.current?.stop()
  }, [key])
  useLayoutEffect(() => void restoreScroll(), [current.data])
  const refresh = useCallback(() => polling.current?.refresh(), [])
  return { data: current.data, isMissing: current.isMissing, refresh }
}

function initial<Data>(key: string): Shown<Data> {
  return { key, data: findData(key) as Data | undefined, isMissing: false }
}
