/** How often a principal called an action on a resource. */
export interface CallCount {
  /** The construct path of a function; the access key id of any other caller. */
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly count: number
}

export class CallCounts {
  readonly #counts = new Map<string, CallCount>()

  add(principal: string, action: string, resource: string): void {
    const key = `${principal} ${action} ${resource}`
    const count = (this.#counts.get(key)?.count ?? 0) + 1
    this.#counts.set(key, { principal, action, resource, count })
  }

  list(): CallCount[] {
    return [...this.#counts.values()]
  }
}
