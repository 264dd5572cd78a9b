import type { PastSession } from '../../core/state/sessions.ts'
import { subjectKey } from '../../core/state/subject.ts'
import { emptyView, type StateStore, type View } from '../../lambdas/apply-events/stores.ts'

/** A state store that lasts as long as the process, with the same optimistic locking as the real one. */
export function memoryStateStore(): StateStore {
  const views = new Map<string, View>()
  const sessions = new Map<string, Map<number, { version: number; session: PastSession | null }>>()
  return {
    async read(subjects) {
      return subjects.map((subject) => views.get(subjectKey(subject)) ?? emptyView(subject))
    },
    async write(view) {
      const key = subjectKey(view.subject)
      if ((views.get(key)?.version ?? 0) !== view.version) return 'conflict'
      views.set(key, { ...view, version: view.version + 1 })
      return 'written'
    },
    async readParticipants(roomId) {
      return [...views.values()].filter(({ subject }) => subject.kind === 'participant' && subject.room_id === roomId)
    },
    async fileSession(subject, { joined_at, session }, version) {
      const own = sessions.get(subjectKey(subject)) ?? new Map()
      sessions.set(subjectKey(subject), own)
      if ((own.get(joined_at)?.version ?? 0) < version) own.set(joined_at, { version, session })
    },
    async readPastSessions(subject) {
      const own = sessions.get(subjectKey(subject))?.values() ?? []
      return [...own].flatMap(({ session }) => (session === null ? [] : [session]))
    },
  }
}
