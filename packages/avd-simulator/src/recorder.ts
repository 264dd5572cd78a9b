import type { CallbackOutlet, CallbackStatus } from './callback-sender.ts'

export interface RecordingOptions {
  /** Default `mp4`. */
  readonly exporter_type?: string
  /** Default: random. */
  readonly exporter_id?: string
  /** The reason why the recording cannot start. */
  readonly failure?: string
}

export interface RecordingResult {
  /** The JSON text of the file list. Default: one file. */
  readonly files?: string
  /** The reason why there are no files. */
  readonly failure?: string
}

interface SimulatedRecording {
  readonly room_id: string
  readonly exporter_type: string
  readonly exporter_id: string
  /** Epoch seconds. */
  readonly start_time: string
}

/** The recordings of an exporter that are not complete, oldest first. */
interface ExporterRecordings {
  readonly running: SimulatedRecording[]
  readonly stopped: SimulatedRecording[]
}

/** Records rooms. A recording outlives its room, and its exporter can start the next one before its files are ready. */
export class Recorder {
  readonly #sender: CallbackOutlet
  readonly #newId: () => string
  readonly #recordings = new Map<string, ExporterRecordings>()
  #lastStart = 0

  /** @param newId makes the ids of exporters. */
  constructor(sender: CallbackOutlet, newId: () => string) {
    this.#sender = sender
    this.#newId = newId
  }

  start(room_id: string, options: RecordingOptions): Promise<CallbackStatus> {
    const { exporter_type = 'mp4', exporter_id = this.#newId(), failure } = options
    const exporter = { room_id, exporter_type, exporter_id }
    if (failure !== undefined) {
      return this.#sender.send({ event: 'start_record', ...exporter, event_type: 'faild', options: failure })
    }
    // The start identifies a recording of an exporter, so no two recordings start in the same second.
    this.#lastStart = Math.max(epochSeconds(), this.#lastStart + 1)
    const recording = { ...exporter, start_time: String(this.#lastStart) }
    const { running, stopped } = this.#get(exporter_id)
    this.#recordings.set(exporter_id, { running: [...running, recording], stopped })
    return this.#sender.send({ event: 'start_record', ...recording, event_type: 'success' })
  }

  /** Stops the latest recording of an exporter. @throws Error if it has no recording. */
  stop(exporter_id: string, result: RecordingResult): Promise<CallbackStatus> {
    const { running, stopped } = this.#get(exporter_id)
    const recording = checkRecording(exporter_id, running.pop() ?? stopped.at(-1))
    if (!stopped.includes(recording)) stopped.push(recording)
    const stop_time = String(epochSeconds())
    return this.#sender.send({ event: 'stop_record', ...recording, stop_time, ...outcomeOf(recording, result) })
  }

  /** Completes the oldest recording of an exporter, stopped ones first. @throws Error if it has no recording. */
  complete(exporter_id: string, result: RecordingResult): Promise<CallbackStatus> {
    const { running, stopped } = this.#get(exporter_id)
    const recording = checkRecording(exporter_id, stopped.shift() ?? running.shift())
    const outcome = outcomeOf(recording, result)
    return this.#sender.send({ event: 'record_transcoding_completion', ...recording, ...outcome })
  }

  #get(exporter_id: string): ExporterRecordings {
    return this.#recordings.get(exporter_id) ?? { running: [], stopped: [] }
  }
}

function checkRecording(exporter_id: string, recording: SimulatedRecording | undefined): SimulatedRecording {
  if (recording) return recording
  throw new Error(`there is no simulated recording ${exporter_id}`)
}

function outcomeOf({ room_id, exporter_id, exporter_type }: SimulatedRecording, { files, failure }: RecordingResult) {
  if (failure !== undefined) return { event_type: 'faild', options: failure }
  const file = { file: `/record/${room_id}/${exporter_id}.${exporter_type}`, size: 734_003_200 }
  return { event_type: 'success', options: files ?? JSON.stringify([file]) }
}

function epochSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
