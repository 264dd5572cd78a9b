import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { rowNames } from '../../../bench/row.ts'

const resultSchema = z.strictObject({
  name: z.string(),
  ours: z.number(),
  peer: z.number().nullable(),
  ratio: z.number().nullable(),
  unit: z.string(),
  n: z.int().min(1),
})

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const results = z.array(resultSchema).parse(JSON.parse(read('bench/results.json')))
const result = (name: string) => {
  const found = results.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`bench/results.json has no row ${name}`)
  return found
}

describe('bench/results.json', () => {
  it('has every row, with at least five figures for each time', () => {
    expect(results.map(({ name }) => name)).toEqual(rowNames)
    for (const { name, n, unit } of results)
      if (/^(ms|s|µs|MiB)\b/.test(unit)) expect(n, name).toBeGreaterThanOrEqual(5)
  })

  it.each(results)('agrees with both READMEs on $name', ({ name, ours, peer, ratio }) => {
    const cells = [name, String(ours), peer === null ? '–' : String(peer), ratio === null ? '–' : String(ratio)]
    for (const readme of ['README.md', 'README.zh-CN.md'])
      expect(read(readme), readme).toContain(`| \`${cells[0]}\` | ${cells.slice(1).join(' | ')} |`)
  })

  it('agrees with the figures in docs/scale.md', () => {
    const row = ['apply-requests', 'apply-write-units'].map((name) => result(name).ours.toFixed(2))
    const cost = result('cost-per-million').ours.toFixed(2)
    expect(read('docs/scale.md')).toMatch(new RegExp(`\\| 100 \\| ${row[0]} \\| ${row[1]} \\| [\\d.]+ \\| ${cost} \\|`))
  })
})
