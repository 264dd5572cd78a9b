/** Actions that undo a start, in reverse order. */
export class CleanupStack {
  readonly #actions: (() => unknown)[] = []

  add(action: () => unknown): void {
    this.#actions.push(action)
  }

  /** Runs every action, even if some fail. */
  async run(): Promise<void> {
    for (const action of this.#actions.splice(0).toReversed()) {
      try {
        await action()
      } catch {
        // A failed action must not prevent the remaining ones.
      }
    }
  }
}
