import type { Child } from './dom.ts'

export interface ConsolePage<Data = unknown> {
  load(): Promise<Data>
  render(data: Data): Child[]
}
