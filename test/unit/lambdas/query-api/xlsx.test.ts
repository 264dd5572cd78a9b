import { describe, expect, it } from 'vitest'
import { createTable } from '../../../../core/presentation/tables.ts'
import { toXlsx } from '../../../../lambdas/query-api/xlsx.ts'
import { readSheet, readZip } from '../../../support/read-xlsx.ts'

type Row = { readonly id: string; readonly name: string | null; readonly at: number | null; readonly minutes: number }

const columns = [
  { title: { en: 'User ID', zh: '用户 ID' }, cell: ({ id }: Row) => ({ exact: id }) },
  { title: { en: 'Name', zh: '姓名' }, cell: ({ name }: Row) => name },
  { title: { en: 'Joined', zh: '进入' }, cell: ({ at }: Row) => (at === null ? null : { at }) },
  { title: { en: 'Minutes', zh: '分钟' }, cell: ({ minutes }: Row) => minutes },
]
const noon = Date.UTC(2024, 10, 24, 12)
const createWorkbook = (rows: readonly Row[], timeZone = 'Asia/Shanghai') =>
  toXlsx(createTable(rows, columns, { language: 'zh', timeZone }), 'attendance')
const nameCell = async (name: string) =>
  readSheet(await createWorkbook([{ id: 'U', name, at: noon, minutes: 1 }]))[1]?.[1]

/** The number with which a workbook stores a time: days since the end of 1899. */
const serial = (utc: number) => utc / 86_400_000 + 25_569

describe('toXlsx', () => {
  it('has titles, ids as text, local times as times and minutes as numbers', async () => {
    const rows = readSheet(await createWorkbook([{ id: '00123', name: '王小明', at: noon + 999, minutes: 12.25 }]))
    expect(rows[0]?.map((cell) => cell?.value)).toEqual(['用户 ID', '姓名', '进入', '分钟'])
    expect(rows[1]).toEqual([
      { value: '00123', format: '@' },
      { value: '王小明' },
      { value: expect.closeTo(serial(Date.UTC(2024, 10, 24, 20)), 6), format: 'yyyy-mm-dd hh:mm:ss' },
      { value: 12.25 },
    ])
  })

  it('shows the local time on both sides of a change of the clock', async () => {
    const change = Date.UTC(2026, 9, 25, 1)
    const times = [change - 1000, change].map((at) => ({ id: 'U', name: null, at, minutes: 1 }))
    const rows = readSheet(await createWorkbook(times, 'Europe/Berlin'))
    expect(rows.slice(1).map((row) => row[2]?.value)).toEqual([
      expect.closeTo(serial(Date.UTC(2026, 9, 25, 2, 59, 59)), 6),
      expect.closeTo(serial(Date.UTC(2026, 9, 25, 2)), 6),
    ])
  })

  it('leaves cells of unknown values empty', async () => {
    const rows = readSheet(await createWorkbook([{ id: 'U', name: null, at: null, minutes: 0 }]))
    expect(rows[1]).toEqual([{ value: 'U', format: '@' }, null, null, { value: 0 }])
  })

  it.each(['=1+1', '@SUM(A1)', '-1', '+86 138', '\t=1'])('writes %j as a text, not as a formula', async (name) => {
    const workbook = await createWorkbook([{ id: name, name, at: noon, minutes: 1 }])
    expect(readZip(workbook).get('xl/worksheets/sheet1.xml')).not.toContain('<f')
    expect(await nameCell(name)).toEqual({ value: name })
  })

  it.each([
    ['a<b>&"c"', 'a&lt;b&gt;&amp;"c"'],
    ['a\u0000b', 'ab'],
    ['a\uFFFEb', 'ab'],
    ['a\uD800b', 'ab'],
    ['😀', '😀'],
    ['_x0041_', '_x005F_x0041_'],
  ])('writes the name %j so that the workbook stays readable', async (name, stored) => {
    expect(await nameCell(name)).toEqual({ value: stored })
  })

  it('keeps the titles visible and the columns wide enough', async () => {
    const workbook = await createWorkbook([{ id: 'U'.repeat(500), name: '王小明', at: noon, minutes: 1 }])
    const sheet = readZip(workbook).get('xl/worksheets/sheet1.xml')
    expect(sheet).toContain('ySplit="1"')
    expect([...(sheet ?? '').matchAll(/width="(\d+)"/g)].map(([, width]) => Number(width))).toEqual([40, 8, 21, 6])
  })
})
