import { readdirSync, readFileSync } from 'node:fs'
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
/** A figure with the row that it comes from in a comment, which also says whether it is that of the peer. */
const marked = /([\d.,]+)<!-- ([a-z0-9-]+)( peer)? -->/g
const pages = [
  'README.md',
  'README.zh-CN.md',
  ...readdirSync(new URL('../../../docs', import.meta.url))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].filter((page) => read(page).match(marked) !== null)
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

  it.each(results)('agrees with docs/performance.md on $name', ({ name, ours, peer, ratio }) => {
    const cells = [name, String(ours), peer === null ? '–' : String(peer), ratio === null ? '–' : String(ratio)]
    expect(read('docs/performance.md')).toContain(`| \`${cells[0]}\` | ${cells.slice(1).join(' | ')} |`)
  })

  it.each(pages)('agrees with the figures in %s that are followed by the name of a row', (page) => {
    for (const [, figure = '', name = '', peer] of read(page).matchAll(marked)) {
      const decimals = figure.split('.')[1]?.length ?? 0
      const { ours, peer: ofPeer } = result(name)
      const value = peer === undefined ? ours : ofPeer
      expect(figure.replaceAll(',', ''), name).toBe(value?.toFixed(decimals))
    }
  })

  it.each([
    ['README.md', 2],
    ['README.zh-CN.md', 2],
    ['docs/costs.md', 6],
    ['docs/costs.zh-CN.md', 6],
    ['docs/data-model.md', 2],
    ['docs/reconciliation.md', 2],
    ['docs/reconciliation.zh-CN.md', 2],
    ['docs/reliability.md', 8],
    ['docs/scale.md', 7],
    ['docs/truth.md', 14],
  ])('is the source of figures in %s', (page, count) => {
    expect(read(page).match(marked)).toHaveLength(count)
  })
})
