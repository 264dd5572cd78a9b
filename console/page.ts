import type { Child } from './dom.ts'

export interface ConsolePage<Data = unknown> {
  load(): Promise<Data>
  render(data: Data): Child[]
  /** Makes the next `load` read more of a long list. */
  showMore?(): void
}
