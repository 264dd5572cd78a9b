import { describe, expect, it } from 'vitest'
import { protectText, sessionColumns, toCsv, userSessionColumns } from '../../../../core/presentation/csv.ts'
import { measureCpu } from '../../../support/abuse/measure.ts'

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
/** Returns the cell of the user name. */
const nameCell = (user_name: string) =>
  toCsv([{ ...row, user_name }], sessionColumns, { header: false })
    .slice(3)
    .split(',2026-')[0]

describe('toCsv', () => {
  it('writes a long text of tabs and blanks in a limited CPU time', async () => {
    for (const unit of ['\t', '\t ', ';\t\n']) {
      const measure = () => measureCpu(async () => nameCell(unit.repeat(65_536 / unit.length)))
      // The least of several counts: during one of them, the garbage of earlier tests may be collected.
      const measured = [await measure(), await measure(), await measure()]
      for (const { result } of measured) expect(result).not.toBe('')
      expect(Math.min(...measured.map(({ cpuMs }) => cpuMs))).toBeLessThan(1_000)
    }
  })

  it('starts with a byte order mark and the column names, and ends lines with CRLF', () => {
    expect(toCsv([row], sessionColumns, { header: true })).toBe(
      '\u{FEFF}user_id,user_name,joined_at,left_at,seconds,leave_reason,endpoint_type,reconnects,estimated\r\n' +
        'u1,王小明,2026-11-24T12:00:00.000Z,2026-11-24T12:30:00.000Z,1800,normal,web,0,false\r\n',
    )
  })

  it('writes the room first for the sessions of a user, and omits the header on request', () => {
    expect(toCsv([{ room_id: 'R', ...row }], userSessionColumns, { header: false })).toMatch(/^R,u1,/)
  })

  it('leaves the cells of unknown values empty', () => {
    const present = { ...row, left_at: null, seconds: null, leave_reason: null }
    expect(toCsv([present], sessionColumns, { header: false })).toContain('Z,,,,web,0,false')
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
  ])('escapes %j, which a spreadsheet would run as a formula', (name) => {
    const cell = nameCell(name)?.replace(/^"/, '') ?? ''
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
    expect(nameCell(name)).toBe(cell)
  })
})

describe('protectText', () => {
  it.each([
    '00123',
    '1234567890123456',
    '3E5',
    '1.5e10',
    '1-2',
    '2024/1/2',
    '12:30',
    '1.2.3',
    'MAR1',
    '1-Mar',
    'TRUE',
    ' 007',
    '1E+5',
    '2e-3',
    '1,234',
    '1,5',
    '.5',
    '5.',
    '50%',
    '$5',
    '￥5',
    '5 €',
    '(5)',
    '1 1/2',
    '１２３',
    '１－２',
    '8:30 AM',
    '8:30pm',
    '8 p',
    'Jan 5, 2026',
    '5-Jan-2026',
    'March 2026',
    '2026年1月2日',
    '3月',
    '下午3时30分',
    '#N/A',
    '#DIV/0!',
  ])('marks %j, which a spreadsheet would change', (id) => {
    expect(protectText(id)).toBe(`'${id}`)
  })

  it.each([
    ...[
      '0',
      '123',
      '123456789012345',
      'u1',
      'A1',
      'p 1',
      'ann/1',
      'room1',
      '王小明',
      '3E',
      'E5',
      'a-1-b',
      '18972290508',
    ],
    ...['Mary1', 'Marie 2', 'decode1', '1-2班', '3月会议', '12h', '0x1F', '#1 room', '#', '年', '', 'a,b', '12 apples'],
  ])('leaves %j as it is', (id) => {
    expect(protectText(id)).toBe(id)
  })

  it('is applied to every column of ids', () => {
    const row = { room_id: '007', user_id: '1-2', user_name: '1-2' }
    expect(toCsv([row], ['room_id', 'user_id', 'user_name'], { header: false })).toBe("'007,'1-2,1-2\r\n")
  })
})
