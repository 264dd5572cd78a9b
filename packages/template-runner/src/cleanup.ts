/** What must be ended again, in the reverse order of its start. */
export class CleanupStack {
  readonly #actions: (() => unknown)[] = []

  add(action: () => unknown): void {
    this.#actions.push(action)
  }

  /** Ends everything, whatever fails on the way. */
  async run(): Promise<void> {
    for (const action of this.#actions.splice(0).toReversed()) {
      try {
        await action()
      } catch {
        // What cannot be closed does not keep the rest from closing.
      }
    }
  }
}
