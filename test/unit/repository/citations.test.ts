import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { anchorOf, headingsOf, linksOf, read, root } from '../../support/documents.ts'

const codeFolders = 'core lambdas adapters lib bin cli local names packages console bench test scripts examples'.split(
  ' ',
)
const skipped = new Set(['node_modules', 'cdk.out', '.git'])

/** Paths of all files below a folder, relative to the root, that have one of the extensions. */
function filesIn(folder: string, extensions: RegExp): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesIn(path, extensions)
    return extensions.test(entry.name) ? [path] : []
  })
}

const self = relative(root, fileURLToPath(import.meta.url))
const documents = filesIn('.', /\.md$/)
const code = codeFolders.flatMap((folder) => filesIn(folder, /\.(tsx?|mjs|js|css|html)$/))
const sources = [...code, ...documents].filter((path) => path !== self)

/** The text after a citation, joined into one line without comment markers. */
function textAfter(text: string, index: number): string {
  return text.slice(index, index + 200).replace(/\s*\n\s*(?:\*|\/\/)?\s*/g, ' ')
}

/** Describes why the section, heading or anchor cited after a document's name does not exist; undefined if it does. */
function problemOf(document: string, after: string): string | undefined {
  if (!existsSync(join(root, document))) return `${document} does not exist`
  const headings = headingsOf(document).map((heading) => heading.replace(/^#+ /, ''))
  const [, anchor] = /^#([\p{L}\p{N}_-]+)/u.exec(after) ?? []
  if (anchor !== undefined && !headings.some((heading) => anchorOf(heading) === anchor))
    return `${document} has no heading with the anchor #${anchor}`
  const [, sections = ''] = /^, sections? (\d+(?:(?:, | and | to )\d+)*)/.exec(after) ?? []
  for (const number of sections.match(/\d+/g) ?? [])
    if (!headings.some((heading) => heading.startsWith(`${number}. `))) return `${document} has no section ${number}`
  const [, cited] = /^, ["“]?(\p{Lu}.*)/u.exec(after) ?? []
  if (cited !== undefined && !headings.some((heading) => startsWith(cited, heading)))
    return `${document} has no heading "${cited.slice(0, 50)}"`
  return undefined
}

function startsWith(text: string, heading: string): boolean {
  return text.startsWith(heading) && !/^[\w]/.test(text.slice(heading.length))
}

function problemsIn(path: string, text: string): string[] {
  const found: [index: number, problem: string | undefined][] = []
  for (const match of text.matchAll(/\bdocs\/(?:decisions\/)?[\w-]+(?:\.zh-CN)?\.md/g))
    found.push([match.index, problemOf(match[0], textAfter(text, match.index + match[0].length))])
  for (const { index, 1: number = '' } of text.matchAll(/\bdocs\/decisions\/(\d+)/g))
    found.push([index, decisions.includes(number) ? undefined : `there is no decision ${number}`])
  for (const { index, 0: old } of text.matchAll(/\b(?:contract|protocol), (?:section|["“])|\(document(?:, note|:)/gi))
    found.push([index, `"${old}" does not name the document by its path`])
  return found.flatMap(([index, problem]) => {
    const line = text.slice(0, index).split('\n').length
    return problem === undefined ? [] : [`${path}:${line}: ${problem}`]
  })
}

function leadsSomewhere(file: string, anchor: string | undefined): boolean {
  if (!existsSync(join(root, file))) return false
  return anchor === undefined || headingsOf(file).some((heading) => anchorOf(heading) === anchor)
}

const fileNumber = (path: string) => Number(/\/(\d+)-[^/]*$/.exec(path)?.[1])
const titleNumber = (path: string) => Number(/^# (\d+)/.exec(read(path))?.[1])

const decisions = readdirSync(join(root, 'docs/decisions')).map((name) => name.slice(0, 4))

describe('citations of documents', () => {
  it('name existing documents, sections and headings', () => {
    expect(sources.flatMap((path) => problemsIn(path, read(path)))).toEqual([])
  })

  it('occur in the code', () => {
    const citing = code.filter((path) => /docs\/contract\.md, section/.test(read(path)))
    expect(citing.length).toBeGreaterThan(5)
  })

  it.each([
    ['a section', '// first\n// docs/contract.md, section 4', undefined],
    ['a section that does not exist', '// first\n// docs/contract.md, section 99', 'has no section 99'],
    ['a section on the next line of a comment', '\n * docs/contract.md,\n * section 99', 'has no section 99'],
    ['a heading', '\n(docs/protocol.md, Events)', undefined],
    ['a heading in quotation marks', '\n(docs/protocol.md, "Who calls whom")', undefined],
    ['a heading that does not exist', '\n(docs/protocol.md, Weather)', 'has no heading "Weather)"'],
    ['an anchor', '\ndocs/contract.md#3-callback', undefined],
    ['an anchor of a Chinese page', '\ndocs/operations.zh-CN.md#恢复数据', undefined],
    [
      'an anchor that a Chinese page does not have',
      '\ndocs/operations.zh-CN.md#天气',
      'no heading with the anchor #天气',
    ],
    ['an anchor that does not exist', '\ndocs/contract.md#weather', 'has no heading with the anchor #weather'],
    ['a document that does not exist', '\ndocs/weather.md', 'docs/weather.md does not exist'],
    ['a decision', '\ndocs/decisions/0001', undefined],
    ['a decision that does not exist', '\ndocs/decisions/9999', 'there is no decision 9999'],
    ['a document without its path', '\n(contract, section 4)', '"contract, section" does not name'],
  ])('are checked: %s', (_kind, text, problem) => {
    expect(problemsIn('a.ts', text)).toEqual(problem === undefined ? [] : [expect.stringContaining(`a.ts:2: `)])
    if (problem !== undefined) expect(problemsIn('a.ts', text)[0]).toContain(problem)
  })
})

describe('documents', () => {
  it('link to existing files and headings', () => {
    const broken = documents.flatMap((path) =>
      linksOf(path)
        .filter(({ file, anchor }) => !leadsSomewhere(file, anchor))
        .map(({ file, anchor }) => `${path}: ${file}#${anchor}`),
    )
    expect(broken).toEqual([])
  })

  it('name existing files of the repository', () => {
    const pathPattern = new RegExp(`(?<![\\w./-])((?:${[...codeFolders, 'docs'].join('|')})/(?:[\\w./-]*\\w)?)`, 'g')
    const missing = documents.flatMap((path) =>
      [...read(path).matchAll(pathPattern)].flatMap(([, file = '']) =>
        file.startsWith('docs/decisions/') || existsSync(join(root, file)) ? [] : [`${path}: ${file}`],
      ),
    )
    expect(missing).toEqual([])
  })

  it('state status, date, context, decision and consequences of every decision', () => {
    const parts =
      /^# \d+\. [^\n]+\n\n- Status: [^\n]+\n- Date: \d{4}-\d{2}-\d{2}\n\n## Context\n.+\n## Decision\n.+\n## Consequences\n/s
    const incomplete = documents.filter(
      (path) =>
        /^docs\/decisions\/\d/.test(path) && (!parts.test(read(path)) || titleNumber(path) !== fileNumber(path)),
    )
    expect(incomplete).toEqual([])
  })

  it('list every decision in the index', () => {
    const index = read('docs/decisions/README.md')
    const missing = readdirSync(join(root, 'docs/decisions')).filter(
      (name) => name !== 'README.md' && !index.includes(`](${name})`),
    )
    expect(missing).toEqual([])
  })
})
