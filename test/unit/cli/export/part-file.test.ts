import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { finishFile, openPartFile } from '../../../../cli/export/part-file.ts'
import type { ExportPlan } from '../../../../cli/export/plan.ts'
import { fillPartFile } from '../../../../cli/export/write-export.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'northbound-part-'))
  file = join(folder, 'rows.csv')
})
afterEach(() => rm(folder, { recursive: true }))

/** Ten chunks of a row each; fails before the one with this number. */
function planOf(failAt?: number): ExportPlan {
  return {
    header: 'title\n',
    titles: ['title'],
    async *read(place) {
      for (let index = place === null ? 0 : Number(place) + 1; index < 10; index++) {
        if (index === failAt) throw new Error('killed')
        yield { texts: [`行 ${index}\n`], rows: 1, place: String(index) }
      }
    },
  }
}

const progress = { signal: new AbortController().signal, onRows: () => {} }
const fill = async (plan: ExportPlan, isWorkbook = false) => {
  const part = await openPartFile(file, 'request', 1, plan.header)
  await fillPartFile(plan, part, isWorkbook, progress)
  return part
}
const whole = `title\n${Array.from({ length: 10 }, (_, index) => `行 ${index}\n`).join('')}`

describe('the partial file of an export', () => {
  it('continues wherever the export failed, and drops what was written after the position', async () => {
    for (let failAt = 0; failAt < 10; failAt++) {
      await expect(fill(planOf(failAt))).rejects.toThrow('killed')
      expect(existsSync(file)).toBe(false)
      await appendFile(`${file}.part`, 'half a li')
      const part = await fill(planOf())
      expect(part.position).toMatchObject({ rows: 10, startedAt: 1 })
      await finishFile(file)
      expect(await readFile(file, 'utf8')).toBe(whole)
      expect(await readdir(folder)).toEqual(['rows.csv'])
      await rm(file)
    }
  })

  it('continues before the rows of a chunk of which only a part was written', async () => {
    function* failInTheMiddle() {
      yield '行 0\n'
      throw new Error('killed')
    }
    const failing: ExportPlan = {
      ...planOf(),
      async *read() {
        yield { texts: failInTheMiddle(), rows: 2, place: '1' }
      },
    }
    await expect(fill(failing)).rejects.toThrow('killed')
    expect((await fill(planOf())).position).toMatchObject({ rows: 10 })
    expect(await readFile(`${file}.part`, 'utf8')).toBe(whole)
  })

  it('can be read by its owner only, as can the position and the finished file', async () => {
    await expect(fill(planOf(5))).rejects.toThrow('killed')
    const modeOf = async (path: string) => (await stat(path)).mode & 0o777
    expect(await modeOf(`${file}.part`)).toBe(0o600)
    expect(await modeOf(`${file}.part.json`)).toBe(0o600)
    await fill(planOf())
    await finishFile(file)
    expect(await modeOf(file)).toBe(0o600)
  })

  it('starts again if its rows are gone', async () => {
    await expect(fill(planOf(5))).rejects.toThrow('killed')
    await rm(`${file}.part`)
    expect((await fill(planOf())).isResumed).toBe(false)
    expect(await readFile(`${file}.part`, 'utf8')).toBe(whole)
  })

  it('starts again if its source cannot be continued', async () => {
    const plan = (failAt?: number): ExportPlan => ({
      ...planOf(),
      async *read() {
        for await (const chunk of planOf(failAt).read(null)) yield { ...chunk, place: null }
      },
    })
    await expect(fill(plan(5))).rejects.toThrow('killed')
    expect((await fill(plan())).position.rows).toBe(10)
    expect(await readFile(`${file}.part`, 'utf8')).toBe(whole)
  })

  it('starts again if its position cannot be read', async () => {
    await expect(fill(planOf(5))).rejects.toThrow('killed')
    await writeFile(`${file}.part.json`, '')
    expect((await fill(planOf())).isResumed).toBe(false)
    expect(await readFile(`${file}.part`, 'utf8')).toBe(whole)
  })

  it('is not continued by another export', async () => {
    await expect(fill(planOf(5))).rejects.toThrow('killed')
    await expect(openPartFile(file, 'other', 1, '')).rejects.toThrow('belongs to another export')
  })
})

describe('a workbook', () => {
  it('is refused as soon as it has more rows than a sheet', async () => {
    const plan: ExportPlan = {
      header: '',
      titles: ['title'],
      async *read() {
        yield { texts: [], rows: 1_048_575, place: 'a' }
        yield { texts: [], rows: 1, place: 'b' }
      },
    }
    await expect(fill(plan, true)).rejects.toThrow('a sheet has at most 1,048,575 rows')
  })
})
