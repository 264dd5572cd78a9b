import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseForOutput } from '../../../../core/presentation/exact-numbers.ts'
import { presentRecording } from '../../../../core/presentation/recording-presenter.ts'
import { parseEvent } from '../../../../core/protocol/events.ts'
import { beginRecording, readRecordingEvent } from '../../../../core/state/recording.ts'

const rewrite = (text: string) => JSON.stringify(parseForOutput(text))
const metadata = { trace_id: 't', received_at: Date.UTC(2026, 10, 26, 5), source: 'callback' } as const
const presentCompletion = (params: Record<string, string>) => {
  const all = {
    event: 'record_transcoding_completion',
    event_type: 'success',
    room_id: 'R',
    exporter_id: 'E',
    ...params,
  }
  const event = readRecordingEvent(parseEvent(metadata, all), 'Asia/Shanghai')
  if (event === undefined) throw new Error('not a recording event')
  const recording = { ...beginRecording(event), start_time: event.start?.text ?? null, files: params.options ?? null }
  const row = { room_id: 'R', recording: { ...recording, started_seen_at: metadata.received_at } }
  return presentRecording(row, null, { timeZone: 'Asia/Shanghai', now: metadata.received_at })
}

describe('parseForOutput', () => {
  it.each([
    '[{"file_id":1812345678901234567}]',
    '{"size":123456789012345678901234567890,"rate":0.12345678901234567890,"big":1E400,"zero":-0.0e1}',
    '[1,2.5,"1812345678901234567",true,null]',
  ])('keeps the digits of all numbers: %s', (text) => {
    expect(rewrite(text)).toBe(text)
  })

  it('keeps any JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.bigInt(), (text, id) => {
        const wrapped = `{"id":${id},"value":${text}}`
        expect(rewrite(wrapped)).toBe(`{"id":${id},"value":${JSON.stringify(JSON.parse(text))}}`)
      }),
    )
  })
})

describe('presentRecording', () => {
  it('shows ids beyond 2^53 in the files exactly', () => {
    const options = '[{"file_id":1812345678901234567}]'
    expect(JSON.stringify(presentCompletion({ options }))).toContain(`"files":${options}`)
  })

  it.each([
    ['20261126120000', '2026-11-26T04:00:00.000Z'],
    ['0001-01-01 00:00:00', '2026-11-26T05:00:00.000Z'],
  ])('shows the start_time %s, or the time of receipt if it is impossible', (start_time, started_at) => {
    expect(presentCompletion({ start_time })).toMatchObject({ started_at })
  })
})
