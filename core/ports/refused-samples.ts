import type { Parameter } from '../protocol/callback-request.ts'
import type { Page, PageRequest } from './page.ts'

/** What a refused callback sent, redacted and shortened (docs/contract.md, section 6). */
export type RefusedSample = {
  /** ms since 1970: when API Gateway received the request. */
  readonly at: number
  /** The cause that is counted. */
  readonly outcome: string
  /** What the sender was told. */
  readonly msg: string
  readonly method: string
  /** Empty if it is not known. */
  readonly source_address: string
  readonly parameters: readonly Parameter[]
}

export interface RefusedSampleWriter {
  /** Keeps a sample in place of an older one of the same outcome. */
  put(sample: RefusedSample, signal: AbortSignal): Promise<void>
}

export interface RefusedSampleReader {
  /**
   * @param now ms since 1970.
   * @returns the samples of the last seven days, newest first; at most five of each outcome.
   * @throws InvalidCursorError
   */
  listRefused(now: number, page: PageRequest, signal?: AbortSignal): Promise<Page<RefusedSample>>
}
