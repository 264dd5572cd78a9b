import { randomUUID } from 'node:crypto'
import type { CallbackOutlet, CallbackStatus } from './callback-sender.ts'
import type { InstallationState } from './installation-state.ts'
import { MediaServer } from './media-server.ts'
import { Recorder, type RecordingOptions, type RecordingResult } from './recorder.ts'

/** A port that the master could not reach, such as `{ type: 'tcp', port: 8088 }`. */
export interface UnreachablePort {
  readonly type: string
  readonly port: number
}

/** The servers of an installation: a media server with its recorder, and the master. They start without rooms. */
export class SimulatedPlatform extends MediaServer {
  readonly #sender: CallbackOutlet
  readonly #recorder: Recorder

  /** @param newId makes the ids of streams and exporters. Default: random. */
  constructor(state: InstallationState, sender: CallbackOutlet, newId: () => string = randomUUID) {
    super(state, sender, newId)
    this.#sender = sender
    this.#recorder = new Recorder(sender, newId)
  }

  startRecording(room_id: string, options: RecordingOptions = {}): Promise<CallbackStatus> {
    return this.#recorder.start(room_id, options)
  }

  stopRecording(exporter_id: string, result: RecordingResult = {}): Promise<CallbackStatus> {
    return this.#recorder.stop(exporter_id, result)
  }

  /** Ends a recording: its files are ready, or transcoding failed. */
  completeRecording(exporter_id: string, result: RecordingResult = {}): Promise<CallbackStatus> {
    return this.#recorder.complete(exporter_id, result)
  }

  /** Sends the master's `warning_notify` about a media server. */
  sendPortWarning(box_code: string, ports: readonly UnreachablePort[]): Promise<CallbackStatus> {
    // The vendor's example has a space after the commas between ports, but none within a port.
    const options = `[${ports.map(({ type, port }) => JSON.stringify({ type, port })).join(', ')}]`
    return this.#sender.send({ event: 'warning_notify', event_type: 'check_port', box_code, options })
  }
}
