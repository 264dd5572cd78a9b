/** A line of a roster: the line itself, and its cells if it has several. */
export type RosterEntry = { readonly text: string; readonly cells: readonly string[] }

/** Titles of columns, as in files that are made by hand and in those of this console. */
const titles = new Set(
  [
    ...['name', 'full name', 'id', 'user id', 'user_id', 'user name', 'user_name', 'student id', 'no.'],
    ...['姓名', '名字', '名称', '用户', '用户名', '用户id', '用户 id', '学号', '工号', '编号', '序号', '班级', '部门'],
  ].map(normalize),
)

/**
 * Reads a roster with a person on each line: a name, an id, or cells separated by commas, semicolons or tabs, as in a CSV
 * file. A first line with the title of a column is left out.
 */
export function parseRoster(text: string): RosterEntry[] {
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const entries = lines.map((line) => {
    const cells = splitCells(line)
    return { text: cells.join(' '), cells: cells.length > 1 ? [...cells, line] : cells }
  })
  const isTitleLine = entries[0]?.cells.some((cell) => titles.has(normalize(cell)))
  return (isTitleLine === true ? entries.slice(1) : entries).filter(({ cells }) => cells.length > 0)
}

/** Splits a line of CSV. Cells in quotes may contain separators; two quotes in them stand for one. */
function splitCells(line: string): string[] {
  const cells = [...`,${line}`.matchAll(/[,;\t，；] *(?:"((?:[^"]|"")*)"|([^,;\t，；]*))/g)].map(
    ([, quoted, plain = '']) => (quoted === undefined ? plain : quoted.replaceAll('""', '"')).trim(),
  )
  return cells.filter((cell) => cell !== '')
}

/**
 * Makes texts equal that differ only in case, width, blanks, or in the `'` by which CSV files protect ids (docs/contract.md, section 6).
 */
export function normalize(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim().replace(/^'/, '')
}

/** Decodes a text file: UTF-16 if it says so, otherwise UTF-8, or GB 18030 as spreadsheets in Chinese write it. */
export function decodeRoster(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
