import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import readXlsxFile from 'read-excel-file/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeWorkbook } from '../../../../cli/export/workbook.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'northbound-workbook-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function writeAndRead(rows: readonly unknown[][]) {
  const [rowsFile, file] = [join(folder, 'rows'), join(folder, 'book.xlsx')]
  await writeFile(rowsFile, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const { signal } = new AbortController()
  await writeWorkbook({ rowsFile, file, titles: ['A', 'B'], timeZone: 'Asia/Shanghai', signal })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const [{ data } = { data: [] }] = await readXlsxFile(file)
  return data.slice(1)
}

describe('the workbook of an export', () => {
  it('keeps texts as they are, whatever is in them', async () => {
    const lines = ['a\nb\r\nc', 'a\u2028b\u2029c\u0085d']
    const texts = ['=1+1', '00123', ...lines, ' <&>" ', '王小明 👩🏽', '_x0041_', '1-2', "'", 'x'.repeat(32_767)]
    const data = await writeAndRead(texts.map((text) => [{ exact: text }, 1]))
    expect(data.map(([text]) => text)).toEqual(texts.map((text) => text.trim()))
  })

  it('has all rows, however long the file is', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `${index} ${'王'.repeat(index % 200)}x`)
    const data = await writeAndRead(names.map((name, index) => [{ exact: name }, index]))
    expect(data).toEqual(names.map((name, index) => [name, index]))
  })

  it('drops what XML cannot have, and shortens what a cell cannot have', async () => {
    const data = await writeAndRead([
      ['a\u0000b\uFFFFc', 1],
      ['x'.repeat(40_000), 1],
    ])
    expect(data[0]?.[0]).toBe('abc')
    expect(String(data[1]?.[0])).toHaveLength(32_767)
  })

  it('shows times in the time zone, numbers as numbers, and nothing for nothing', async () => {
    expect(
      await writeAndRead([
        [{ at: Date.UTC(2026, 10, 26, 16) }, 1.25],
        [null, 0],
      ]),
    ).toEqual([
      [new Date('2026-11-27T00:00:00Z'), 1.25],
      [null, 0],
    ])
  })
})
