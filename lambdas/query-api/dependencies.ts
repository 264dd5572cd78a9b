import type { Logger } from '@aws-lambda-powertools/logger'
import type { CallbackCountReader } from '../../core/ports/callback-counter.ts'
import type { CatalogReader } from '../../core/ports/catalog-reader.ts'
import type { HealthReader } from '../../core/ports/health-reader.ts'
import type { MeetingReader } from '../../core/ports/meeting-reader.ts'
import type { OpenRoomsReader } from '../../core/ports/open-rooms-reader.ts'
import type { PeopleReader } from '../../core/ports/people-directory.ts'
import type { QueryCounter } from '../../core/ports/query-counter.ts'
import type { RefusalCountReader } from '../../core/ports/refusal-counter.ts'
import type { RefusedSampleReader } from '../../core/ports/refused-samples.ts'
import type { RoomReader } from '../../core/ports/room-reader.ts'
import type { ApiTokens, SecretReader } from '../../core/ports/secret-reader.ts'
import type { SessionReader } from '../../core/ports/session-reader.ts'
import type { UsageReader } from '../../core/ports/usage-store.ts'
import type { AlertRules } from '../../core/state/port-alerts.ts'
import type { ConsoleFile } from './console-files.ts'

/** A limit of the queries in each second, for all environments together. */
type QueryRate = { readonly maxPerSecond: number; readonly counter: QueryCounter }

export type QueryApiDependencies = {
  readonly rooms: RoomReader
  readonly sessions: SessionReader
  readonly meetings: MeetingReader
  readonly catalog: CatalogReader
  readonly callbackCounts: CallbackCountReader
  readonly refusalCounts: RefusalCountReader
  readonly health: HealthReader
  readonly refused: RefusedSampleReader
  readonly usage: UsageReader
  readonly people: PeopleReader
  readonly openRooms: OpenRoomsReader
  /** The bearer tokens of which callers must send one; while none is configured, every call is rejected. */
  readonly tokens: SecretReader<ApiTokens>
  /** Undefined if the queries are not limited. */
  readonly queryRate?: QueryRate | undefined
  /** Finds a console file by its path below `/console`, or undefined. */
  readonly consoleFile: (path: string) => ConsoleFile | undefined
  readonly alertRules: AlertRules
  /** IANA time zone of platform times without an offset. */
  readonly timeZone: string
  /** ms since 1970 */
  readonly now: () => number
  readonly logger: Logger
}
