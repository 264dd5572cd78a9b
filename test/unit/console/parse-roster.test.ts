import { describe, expect, it } from 'vitest'
import { decodeRoster, normalize, parseRoster } from '../../../console/roster/parse-roster.ts'

const cellsOf = (text: string) => parseRoster(text).map(({ cells }) => cells)

describe('parseRoster', () => {
  it('reads a name on each line, whatever ends the lines, and skips empty ones', () => {
    expect(cellsOf('\ufeff张三\r\n 李四 \n\n\rAnn Lee')).toEqual([['张三'], ['李四'], ['Ann Lee']])
  })

  it('reads the cells of CSV and of pasted columns, and the line as a whole', () => {
    expect(cellsOf('1001,张三\n1002\t李四')).toEqual([
      ['1001', '张三', '1001,张三'],
      ['1002', '李四', '1002\t李四'],
    ])
  })

  it.each([
    ['"Lee, Ann",7', ['Lee, Ann', '7']],
    ['"a ""b""",c', ['a "b"', 'c']],
    [',b,', ['b']],
    ['a,,c', ['a', 'c']],
  ])('splits %s at separators outside quotes', (line, cells) => {
    expect(parseRoster(line)[0]?.cells.slice(0, cells.length)).toEqual(cells)
  })

  it.each(['姓名,学号', 'User id', 'name;class'])('leaves out the titles %s', (titles) => {
    expect(cellsOf(`${titles}\nAnn`)).toEqual([['Ann']])
  })

  it('returns an empty list for blanks and separators', () => {
    expect(parseRoster(' \n,,\n')).toEqual([])
  })
})

describe('normalize', () => {
  it.each([
    ['ＡＮＮ　Lee', 'ann lee'],
    [' Ann  LEE ', 'ann lee'],
    ["'00123", '00123'],
  ])('makes %j equal to %j', (text, normalized) => {
    expect(normalize(text)).toBe(normalized)
  })
})

describe('decodeRoster', () => {
  it.each([
    ['UTF-8', Buffer.from('张三')],
    ['GB 18030', Buffer.from([0xd5, 0xc5, 0xc8, 0xfd])],
    ['UTF-16', Buffer.from('\ufeff张三', 'utf16le')],
  ])('decodes a file in %s', (_encoding, bytes) => {
    expect(decodeRoster(bytes)).toBe('张三')
  })
})
