import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { truncateFiles } from '../../../../core/state/recording-files.ts'
import { eventAt, recordingAfter } from './states.ts'

const maxBytes = 65_536
const entries = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    file: `/录制/第${index}段, "a[1]}".mp4`,
    size: 9_007_199_254_740_993n,
  }))
const jsonOf = (value: unknown) =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `#${part}#` : part)).replace(
    /"#(\d+)#"/g,
    '$1',
  )

describe('truncateFiles', () => {
  it('returns a short text unchanged', () => {
    for (const text of ['["a.mp4"]', 'a.mp4', '', 'x'.repeat(maxBytes)])
      expect(truncateFiles(text)).toEqual({ files: text, isTruncated: false })
  })

  it.each([
    ['a list', (list: string) => list],
    ['a list inside an object', (list: string) => `{"server": {"name": "m1"}, "files": ${list}, "total": 2000}`],
  ])('cuts %s after a whole entry', (_, wrap) => {
    const { files, isTruncated } = truncateFiles(wrap(jsonOf(entries(2000))))
    expect(isTruncated).toBe(true)
    expect(Buffer.byteLength(files)).toBeLessThanOrEqual(maxBytes)
    expect(Buffer.byteLength(files)).toBeGreaterThan(maxBytes - 200)
    const kept = JSON.parse(files)
    const list: unknown[] = Array.isArray(kept) ? kept : kept.files
    expect(files).toContain(jsonOf(entries(list.length)).slice(0, -1))
  })

  it('cuts any other text at the limit, between two characters', () => {
    for (const text of ['x'.repeat(70_000), '录'.repeat(30_000), '🎥'.repeat(20_000), `["${'x'.repeat(70_000)}"]`]) {
      const { files } = truncateFiles(text)
      expect(text.startsWith(files)).toBe(true)
      expect(Buffer.byteLength(files)).toBeLessThanOrEqual(maxBytes)
      expect(Buffer.byteLength(files)).toBeGreaterThan(maxBytes - 4)
    }
  })

  it('returns valid JSON of limited size for any long list', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 20 }), (values) => {
        const list = Array.from({ length: 5000 }, (_, index) => ({ index, value: values[index % values.length] }))
        const { files } = truncateFiles(JSON.stringify(list))
        expect(Buffer.byteLength(files)).toBeLessThanOrEqual(maxBytes)
        expect(JSON.parse(files)).toEqual(JSON.parse(JSON.stringify(list.slice(0, JSON.parse(files).length))))
      }),
      { numRuns: 50 },
    )
  })
})

describe('a recording with long texts', () => {
  it('keeps its files, marked as truncated, and 1,000 characters of a reason', () => {
    const identity = { exporter_id: 'E', start_time: '1764100000' }
    const long = (char: string) => char.repeat(240_000)
    const state = recordingAfter(
      'E',
      eventAt(1, 'stop_record', { ...identity, event_type: 'success', options: long('f') }),
      eventAt(2, 'record_transcoding_completion', { ...identity, event_type: 'faild', options: long('录') }),
    )
    expect(state).toMatchObject({ status: 'failed', files: 'f'.repeat(maxBytes), files_truncated: true })
    expect(state?.reason).toBe('录'.repeat(1000))
  })

  it('is no longer marked after a completion with a short list', () => {
    const identity = { exporter_id: 'E', start_time: '1764100000', event_type: 'success' }
    const state = recordingAfter(
      'E',
      eventAt(1, 'stop_record', { ...identity, options: 'f'.repeat(70_000) }),
      eventAt(2, 'record_transcoding_completion', { ...identity, options: '["a.mp4"]' }),
    )
    expect(state).toMatchObject({ files: '["a.mp4"]' })
    expect(state).not.toHaveProperty('files_truncated')
  })

  it('has an exporter and times of limited length, which still identify it', () => {
    const exporter_id = 'e'.repeat(5000)
    const states = ['a', 'b'].map((end) => {
      const sent = eventAt(1, 'start_record', { exporter_id: `${exporter_id}${end}`, start_time: '9'.repeat(5000) })
      return sent.data.event === 'start_record' ? sent.data : undefined
    })
    expect(states[0]?.exporter_id?.length).toBeLessThan(1100)
    expect(states[0]?.exporter_id).not.toBe(states[1]?.exporter_id)
    expect(states[0]?.start_time?.length).toBe(200)
  })
})
