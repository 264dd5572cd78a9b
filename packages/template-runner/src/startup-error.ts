/** A start that cannot continue. `message` is one line for the person who started it. */
export class StartupError extends Error {
  constructor(message: string) {
    super(message.split('\n', 1)[0])
    this.name = 'StartupError'
  }
}

/** The port of the HTTP API is already in use. */
export class PortInUseError extends StartupError {
  readonly port: number

  constructor(port: number) {
    super(`port ${port} is in use on 127.0.0.1`)
    this.name = 'PortInUseError'
    this.port = port
  }
}
