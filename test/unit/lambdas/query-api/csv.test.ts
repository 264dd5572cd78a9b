import { describe, expect, it } from 'vitest'
import { sessionsCsv } from '../../../../lambdas/query-api/csv.ts'

const row = {
  user_id: 'u1',
  user_name: '王小明',
  joined_at: '2026-11-24T12:00:00.000Z',
  left_at: '2026-11-24T12:30:00.000Z',
  seconds: 1800,
  leave_reason: 'normal',
  endpoint_type: 'web',
  reconnects: 0,
  estimated: false,
}
const options = { header: true, room: false }
/** The name in the table, as it stands there. */
const written = (user_name: string) =>
  sessionsCsv([{ ...row, user_name }], { ...options, header: false })
    .slice(3)
    .split(',2026-')[0]

describe('attendance as CSV', () => {
  it('begins with the mark of UTF-8 and the names of its columns, lines end as RFC 4180 says', () => {
    expect(sessionsCsv([row], options)).toBe(
      '\u{FEFF}user_id,user_name,joined_at,left_at,seconds,leave_reason,endpoint_type,reconnects,estimated\r\n' +
        'u1,王小明,2026-11-24T12:00:00.000Z,2026-11-24T12:30:00.000Z,1800,normal,web,0,false\r\n',
    )
  })

  it('has the room first where it is of one user, and no head where it goes on', () => {
    expect(sessionsCsv([{ room_id: 'R', ...row }], { header: false, room: true })).toMatch(/^R,u1,/)
  })

  it('leaves empty what is not known yet', () => {
    const present = { ...row, left_at: null, seconds: null, leave_reason: null }
    expect(sessionsCsv([present], { ...options, header: false })).toContain('Z,,,,web,0,false')
  })

  it.each([
    '=1+1',
    '+86 138',
    '-1',
    '@SUM(A1)',
    '\t=1+1',
    '\r=1+1',
    ' =1+1',
    '\u{FEFF}=1+1',
    '\u{200B}=1+1',
    '＝1+1',
    '|calc',
    '%0A=1',
    '=HYPERLINK("http://x","y")',
  ])('gives no cell that a spreadsheet would run: %j', (name) => {
    const cell = written(name)?.replace(/^"/, '') ?? ''
    expect(cell).toMatch(/^'/)
    expect(
      cell
        .slice(1)
        .replaceAll('""', '"')
        .replace(/"$/, name.endsWith('"') ? '"' : ''),
    ).toContain(name.trim().slice(1, 4))
  })

  it.each([
    ['a,b', '"a,b"'],
    ['a;=1+1', "a;'=1+1"],
    ['a"b', '"a""b"'],
    ['"a" "b"', '"""a"" ""b"""'],
    ['a\nb', '"a\nb"'],
    ['王 小明', '王 小明'],
    ['O’Neill - 2', 'O’Neill - 2'],
  ])('writes %j as %s', (name, cell) => {
    expect(written(name)).toBe(cell)
  })
})
