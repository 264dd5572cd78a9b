import { describe, expect, it } from 'vitest'
import { help } from '../../../local/command-line.ts'
import {
  anchorOf,
  codeBlocksOf,
  counterpartOf,
  headingsOf,
  type Link,
  linksOf,
  listTranslatedPages,
  proseOf,
  read,
} from '../../support/documents.ts'

/** What operators read. */
const operatorPages = [
  'README',
  'docs/alerts',
  'docs/api',
  'docs/chat',
  'docs/cli',
  'docs/configuration',
  'docs/console',
  'docs/costs',
  'docs/local-run',
  'docs/operations',
  'docs/personal-data',
  'docs/reconciliation',
  'docs/runbook',
  'docs/upgrade',
]

/** All matches of a pattern in order, or their first group if the pattern has one. */
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([whole, part]) => part ?? whole)

/** The number of the heading that a link leads to; -1 if the page has no such heading. */
function indexOfHeading({ file, anchor }: Link): number | undefined {
  return anchor === undefined ? undefined : headingsOf(file).findIndex((heading) => anchorOf(heading) === anchor)
}

/** Where a page leads, apart from its counterpart: the English file and the number of the heading. */
function targetsOf(page: string): string[] {
  return linksOf(page)
    .filter(({ file }) => file !== counterpartOf(page))
    .map((link) => `${link.file.replace('.zh-CN.', '.')} ${indexOfHeading(link) ?? ''}`)
    .toSorted()
}

/** What a block tells the reader to execute or enter, without comments. Diagrams and outputs are in the language of the page. */
function commandsOf({ language, text }: { language: string; text: string }): string {
  const lines = text.split('\n').map((line) => line.replace(/(?:^|\s+)# .*$/, '').trimEnd())
  const shown = language === '' ? lines.filter((line) => /^\s*(\$|aws) /.test(line)) : lines
  return [language, ...shown].join('\n')
}

it('every page for operators exists in English and Chinese', () => {
  expect(listTranslatedPages().toSorted()).toEqual(operatorPages)
})

describe.each(operatorPages)('%s.md and its Chinese page', (name) => {
  const [english, chinese] = [`${name}.md`, `${name}.zh-CN.md`]

  it('link each other below the title', () => {
    expect(linksOf(english)[0]?.file).toBe(chinese)
    expect(linksOf(chinese)[0]?.file).toBe(english)
  })

  it('have the same levels of headings', () => {
    const levels = (page: string) => headingsOf(page).map((heading) => /^#+/.exec(heading)?.[0])
    expect(levels(chinese)).toEqual(levels(english))
  })

  it('have the same commands and files in their code blocks', () => {
    expect(codeBlocksOf(chinese).map(commandsOf)).toEqual(codeBlocksOf(english).map(commandsOf))
  })

  it('have the same rows of tables, with the same code and statuses in the first cells', () => {
    const rows = (page: string) =>
      all(proseOf(page), /^ *\|(.*?)(?<!\\)\|/gm).map((cell) => all(cell, /`[^`]*`|\b\d{3}\b/g))
    expect(rows(chinese)).toEqual(rows(english))
  })

  it('name the same options, outputs, fields and files', () => {
    const names = (page: string) => [
      ...new Set(all(proseOf(page), /`(--?[\w-]+|[A-Z]\w+|[a-z]+_\w+|[a-z]+[A-Z]\w*)[^`]*`/g)),
    ]
    expect(names(chinese).toSorted()).toEqual(names(english).toSorted())
  })

  it('have the same prices, limits and other numbers', () => {
    const numbers = (page: string) => all(proseOf(page), /(?<![\w.#/-])(\d+(?:[.,]\d+)+)(?![\w-])/g).toSorted()
    expect(numbers(chinese)).toEqual(numbers(english))
  })

  it('link the same files and headings, each in the language of the page if there is such a page', () => {
    expect(targetsOf(chinese)).toEqual(targetsOf(english))
    const foreign = linksOf(chinese).filter(
      ({ file }) => file !== english && !file.includes('.zh-CN.') && counterpartOf(file) !== undefined,
    )
    expect(foreign).toEqual([])
  })
})

it('docs/local-run.md documents every option of npm start', () => {
  for (const option of all(help, /(--[a-z-]+)/g))
    if (option !== '--help') expect(read('docs/local-run.md')).toContain(option)
})
