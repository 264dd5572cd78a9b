import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { api } from '../api.ts'
import type { ApiTimeline } from '../api-types.ts'
import { lacksMedia } from './merge-media.ts'
import type { View } from './view.ts'

/** The user has stopped moving the view after this time. */
const settleMs = 500

/**
 * Reads the part of a timeline that is in view, if the timeline has too many events to be known in one piece.
 *
 * @returns the part, and a function to call with each view.
 */
export function usePart(timeline: ApiTimeline) {
  const [part, setPart] = useState<ApiTimeline>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(timeline)
  latest.current = timeline
  const noteView = useCallback(({ from, to }: View) => {
    clearTimeout(timer.current)
    const { media_known_until: knownUntil } = latest.current
    if (knownUntil === null || !lacksMedia(latest.current, to)) return
    const period = {
      from: new Date(Math.max(from, Date.parse(knownUntil))).toISOString(),
      to: new Date(to).toISOString(),
    }
    const read = async () => {
      // What cannot be read stays unknown.
      const loaded = await api.readTimeline(latest.current.room_id, period).catch(() => undefined)
      if (loaded !== undefined) setPart(loaded)
    }
    timer.current = setTimeout(() => void read(), settleMs)
  }, [])
  useEffect(() => () => clearTimeout(timer.current), [])
  return { part, noteView }
}
