import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { help } from '../../../local/command-line.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const english = readFileSync(`${root}README.md`, 'utf8')
const chinese = readFileSync(`${root}README.zh-CN.md`, 'utf8')

/** Everything of a kind that both have to have, in order. */
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([whole, part]) => part ?? whole)

/** Code outside of fenced blocks. */
const prose = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, '')

describe('the two READMEs say the same', () => {
  it.each([
    ['headings of each level', /^(#+) /gm],
    ['commands', /^((?:npm|npx|curl|aws) .*?)(?: +#.*)?$/gm],
    ['pictures', /!\[[^\]]*\]\(([^)]*)\)/g],
    ['rows of tables that begin with code', /^\| (`[^|]*`) \|/gm],
    ['rows of the answers', /^\| (\d{3})/gm],
  ])('%s', (_kind, pattern) => {
    const found = all(english, pattern)
    expect(found.length).toBeGreaterThan(1)
    expect(all(chinese, pattern)).toEqual(found)
  })

  it('names of options, outputs, fields and files', () => {
    const names = (text: string) => [
      ...new Set(all(prose(text), /`(--?[\w-]+|[A-Z]\w+|[a-z]+_\w+|[a-z]+[A-Z]\w*)[^`]*`/g)),
    ]
    expect(names(chinese).toSorted()).toEqual(names(english).toSorted())
  })

  it('prices, limits and other figures', () => {
    const figures = (text: string) => all(prose(text), /(?<![\w.#/-])(\d+(?:[.,]\d+)+)(?![\w-])/g).toSorted()
    expect(figures(chinese)).toEqual(figures(english))
  })

  it('links, each to something that is there', () => {
    const links = (text: string) =>
      all(prose(text), /\]\(([^)#]+)[^)]*\)/g).filter((link) => !link.startsWith('README'))
    expect([...new Set(links(chinese))].toSorted()).toEqual([...new Set(links(english))].toSorted())
    for (const link of links(english)) expect(existsSync(`${root}${link}`), link).toBe(true)
  })
})

it('the README has every option of npm start', () => {
  for (const option of all(help, /(--[a-z-]+)/g)) if (option !== '--help') expect(english).toContain(option)
})
