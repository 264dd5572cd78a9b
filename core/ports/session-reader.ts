import type { Session } from '../state/session.ts'
import type { Order, Page, PageRequest } from './page.ts'
import type { Period } from './period.ts'

/** One session of a participant. */
export type SessionRow = {
  readonly room_id: string
  readonly user_id: string
  readonly user_name: string | null
  readonly session: Session
}

/** Lists sessions by their start. A page may hold fewer than `limit` rows and still have a cursor. */
export interface SessionReader {
  /** @throws InvalidCursorError */
  listByRoom(
    roomId: string,
    page: PageRequest & { readonly order: Order },
    signal?: AbortSignal,
  ): Promise<Page<SessionRow>>
  /** Newest first, across rooms; with `period` only those that overlap it. @throws InvalidCursorError */
  listByUser(
    userId: string,
    page: PageRequest & { readonly period?: Period | undefined },
    signal?: AbortSignal,
  ): Promise<Page<SessionRow>>
}
