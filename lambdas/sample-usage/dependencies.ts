import type { OpenRoomsReader } from '../../core/ports/open-rooms-reader.ts'
import type { PeopleDirectory } from '../../core/ports/people-directory.ts'
import type { UsageStore } from '../../core/ports/usage-store.ts'

export type SampleUsageDependencies = {
  readonly openRooms: OpenRoomsReader
  readonly usage: UsageStore
  readonly people: PeopleDirectory
  /** ms since 1970 */
  readonly now: () => number
}
