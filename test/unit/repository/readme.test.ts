import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { help } from '../../../local/command-line.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const english = readFileSync(`${root}README.md`, 'utf8')
const chinese = readFileSync(`${root}README.zh-CN.md`, 'utf8')

/** All matches of a pattern in order, or their first group if the pattern has one. */
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([whole, part]) => part ?? whole)

/** The text without fenced code blocks. */
const prose = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, '')

describe('the English and the Chinese README have the same', () => {
  it.each([
    ['heading levels', /^(#+) /gm],
    ['commands', /^((?:npm|npx|curl|aws) .*?)(?: +#.*)?$/gm],
    ['pictures', /!\[[^\]]*\]\(([^)]*)\)/g],
    ['table rows that begin with code', /^\| (`[^|]*`) \|/gm],
    ['table rows of HTTP statuses', /^\| (\d{3})/gm],
  ])('%s', (_kind, pattern) => {
    const found = all(english, pattern)
    expect(found.length).toBeGreaterThan(1)
    // The pictures of each language have their own files.
    expect(all(chinese, pattern).map((text) => text.replace('.zh-CN.png', '.png'))).toEqual(found)
  })

  it('names of options, outputs, fields and files', () => {
    const names = (text: string) => [
      ...new Set(all(prose(text), /`(--?[\w-]+|[A-Z]\w+|[a-z]+_\w+|[a-z]+[A-Z]\w*)[^`]*`/g)),
    ]
    expect(names(chinese).toSorted()).toEqual(names(english).toSorted())
  })

  it('prices, limits and other numbers', () => {
    const numbers = (text: string) => all(prose(text), /(?<![\w.#/-])(\d+(?:[.,]\d+)+)(?![\w-])/g).toSorted()
    expect(numbers(chinese)).toEqual(numbers(english))
  })

  it('links, and each link leads to an existing file', () => {
    const links = (text: string) =>
      all(prose(text), /\]\(([^)#]+)[^)]*\)/g).filter((link) => !link.startsWith('README'))
    // The Chinese page of a document, or picture, stands for the English one.
    const inEnglish = links(chinese).map((link) => link.replace(/\.zh-CN(?=\.(md|png)$)/, ''))
    expect([...new Set(inEnglish)].toSorted()).toEqual([...new Set(links(english))].toSorted())
    for (const link of [...links(english), ...links(chinese)]) expect(existsSync(`${root}${link}`), link).toBe(true)
  })
})

it('the README documents every option of npm start', () => {
  for (const option of all(help, /(--[a-z-]+)/g)) if (option !== '--help') expect(english).toContain(option)
})
