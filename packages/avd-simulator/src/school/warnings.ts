import type { ScriptRecorder } from './script-recorder.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const udpPorts = Array.from({ length: 10 }, (_, index) => ({ type: 'udp', port: 40_000 + index }))
const signalling = [
  { type: 'tcp', port: 8088 },
  { type: 'websocket', port: 7630 },
]

/** Episodes of warnings, each a warning a minute. The last one has not ended. */
const episodes = [
  { box_code: 'box-01', startedAgoMs: 5 * dayMs + 3 * hourMs, warnings: 6, ports: signalling },
  { box_code: 'box-01', startedAgoMs: dayMs + 2 * hourMs, warnings: 3, ports: signalling.slice(0, 1) },
  { box_code: 'box-03', startedAgoMs: 3 * dayMs, warnings: 1, ports: udpPorts },
  { box_code: 'box-02', startedAgoMs: 20 * minuteMs, warnings: 19, ports: udpPorts },
]

/** Writes the warnings of the media servers. @param endAt ms since 1970: now. */
export function writeWarnings(recorder: ScriptRecorder, endAt: number): void {
  for (const { box_code, startedAgoMs, warnings, ports } of episodes) {
    for (let index = 0; index < warnings; index++) {
      const at = endAt - startedAgoMs + index * minuteMs
      recorder.send(at, {
        event: 'warning_notify',
        event_type: 'check_port',
        box_code,
        options: JSON.stringify(ports),
      })
      recorder.warnings.push({ box_code, at, ports })
    }
  }
}
