import type { BoxState } from '../state/box.ts'
import type { Recording } from '../state/recording.ts'
import type { Page, PageRequest } from './page.ts'
import type { Period } from './period.ts'

export type RecordingRow = { readonly room_id: string; readonly recording: Recording }
/** `cursor`: continues the list after this recording. */
export type ListedRecording = RecordingRow & { readonly cursor: string }
export type BoxRow = { readonly box_code: string; readonly state: BoxState }

export interface CatalogReader {
  /** Those whose `recordingTime` is in the period, newest first. @throws InvalidCursorError */
  listRecordings(page: PageRequest & { readonly period: Period }, signal?: AbortSignal): Promise<Page<ListedRecording>>
  /** Sorted by exporter. */
  listRecordingsOfRoom(roomId: string, signal?: AbortSignal): Promise<RecordingRow[]>
  /** Sorted by `box_code`. @throws InvalidCursorError */
  listBoxes(page: PageRequest, signal?: AbortSignal): Promise<Page<BoxRow>>
  /** @returns when each of these rooms was closed, in ms; open rooms are omitted. */
  readClosingTimes(roomIds: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, number>>
}
