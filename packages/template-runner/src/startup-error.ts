/** A start that cannot continue. `message` is one clear line for the person who typed the command. */
export class StartupError extends Error {
  constructor(message: string) {
    super(message.split('\n', 1)[0])
    this.name = 'StartupError'
  }
}
