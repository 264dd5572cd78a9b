import { randomUUID } from 'node:crypto'
import type { CallbackSender, CallbackStatus } from './callback-sender.ts'

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

/** Records rooms. A recording outlives its room. */
export class Recorder {
  readonly #sender: CallbackSender
  /** The recordings that are not complete, by exporter_id. */
  readonly #recordings = new Map<string, SimulatedRecording>()

  constructor(sender: CallbackSender) {
    this.#sender = sender
  }

  start(room_id: string, options: RecordingOptions): Promise<CallbackStatus> {
    const { exporter_type = 'mp4', exporter_id = randomUUID(), failure } = options
    const exporter = { room_id, exporter_type, exporter_id }
    if (failure !== undefined) {
      return this.#sender.send({ event: 'start_record', ...exporter, event_type: 'faild', options: failure })
    }
    const recording = { ...exporter, start_time: epochSeconds() }
    this.#recordings.set(exporter_id, recording)
    return this.#sender.send({ event: 'start_record', ...recording, event_type: 'success' })
  }

  /** @throws Error if there is no such recording. */
  stop(exporter_id: string, result: RecordingResult): Promise<CallbackStatus> {
    const recording = this.#get(exporter_id)
    const stop_time = epochSeconds()
    return this.#sender.send({ event: 'stop_record', ...recording, stop_time, ...outcomeOf(recording, result) })
  }

  /** @throws Error if there is no such recording. */
  complete(exporter_id: string, result: RecordingResult): Promise<CallbackStatus> {
    const recording = this.#get(exporter_id)
    this.#recordings.delete(exporter_id)
    const outcome = outcomeOf(recording, result)
    return this.#sender.send({ event: 'record_transcoding_completion', ...recording, ...outcome })
  }

  #get(exporter_id: string): SimulatedRecording {
    const recording = this.#recordings.get(exporter_id)
    if (recording) return recording
    throw new Error(`there is no simulated recording ${exporter_id}`)
  }
}

function outcomeOf({ room_id, exporter_id, exporter_type }: SimulatedRecording, { files, failure }: RecordingResult) {
  if (failure !== undefined) return { event_type: 'faild', options: failure }
  const file = { file: `/record/${room_id}/${exporter_id}.${exporter_type}`, size: 734_003_200 }
  return { event_type: 'success', options: files ?? JSON.stringify([file]) }
}

function epochSeconds(): string {
  return String(Math.floor(Date.now() / 1000))
}
