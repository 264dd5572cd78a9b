import { describe, expect, it } from 'vitest'
import { addFound, createFindings } from '../../../../cli/erase/findings.ts'
import { previewLines, reportErasure } from '../../../../cli/erase/report.ts'

const day = 86_400_000
const now = 1_000 * day

function findingsWith(...receivedAt: number[]) {
  const findings = createFindings()
  for (const received_at of receivedAt) {
    const item = { key: {}, unchanged: { name: 'received_at', value: received_at }, received_at }
    addFound(findings, { action: 'delete', kind: 'events', ...item }, true)
  }
  return findings
}
const preview = (findings: ReturnType<typeof createFindings>) => previewLines(findings, now).map(({ en }) => en)

describe('the preview of an erasure', () => {
  it('warns of network logs that are less than 180 days old', () => {
    const lines = preview(findingsWith(now - 180 * day, now - 180 * day + 1, now))
    expect(lines).toEqual(['Found:', '  events in the log: 3', expect.stringContaining('Warning: 2 events')])
    expect(preview(findingsWith(now - 180 * day))).toHaveLength(2)
  })

  it('says that nothing is stored', () => {
    expect(preview(createFindings())).toEqual(['Nothing is stored about this person.'])
  })

  it('names the room that the person is in', () => {
    const findings = createFindings()
    const item = { key: {}, unchanged: { name: 'version', value: 1 }, presentIn: 'R' }
    addFound(findings, { action: 'delete', kind: 'participants', ...item }, true)
    expect(preview(findings).join()).toContain('in a room right now (R)')
  })

  it('shows control characters of ids as escapes', () => {
    const findings = createFindings()
    const item = { key: {}, unchanged: { name: 'version', value: 1 }, presentIn: 'R\n\u001b[2J' }
    addFound(findings, { action: 'delete', kind: 'participants', ...item }, true)
    const mention = { room_id: 'R\u009b2J', event: 'e\u001b[2J', trace_id: 't\u001b[2J', at: 0 }
    addFound(findings, { action: 'mention', mention }, true)
    const text = preview(findings).join('')
    expect(text).toContain('in a room right now (R\\n\\u001b[2J)')
    expect(text).toContain('event e\\u001b[2J of room "R\\u009b2J"')
    expect(text).not.toMatch(/\p{Cc}/u)
  })

  it('lists twenty mentions and the number of the others', () => {
    const findings = createFindings()
    for (let index = 0; index < 23; index++)
      addFound(findings, { action: 'mention', mention: { room_id: 'R', recording_id: `E${index}`, at: 0 } }, true)
    const lines = preview(findings)
    expect(lines.filter((line) => line.startsWith('  recording'))).toHaveLength(20)
    expect(lines.at(-1)).toBe('  and 3 more (--json lists up to 1,000)')
  })
})

describe('the report of an erasure', () => {
  it('has an audit line in both languages and names the copies that it cannot reach', () => {
    const erasure = { erased: findingsWith(now), last: createFindings(), caller: 'arn:x', hash: 'h', at: 0 }
    const { lines, json } = reportErasure({ language: 'zh' }, erasure)
    expect(lines.at(-1)).toBe('审计记录：1970-01-01T00:00:00.000Z，arn:x，h')
    expect(json).toMatchObject({ counts: { events: 1 }, new_events: 0, erased_at: '1970-01-01T00:00:00.000Z' })
    expect(json.not_reached).toHaveLength(6)
  })
})
