/** A start that cannot go on: `message` is one clear line for whoever typed the command. */
export class StartFailure extends Error {
  constructor(message: string) {
    super(message.split('\n', 1)[0])
    this.name = 'StartFailure'
  }
}
