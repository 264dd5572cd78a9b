import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { contextKeys, readContext } from '../../../lib/read-context.ts'
import { read, root } from '../../support/documents.ts'

const documents = [root, join(root, 'docs')].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md')
    .map((name) => join(folder, name).slice(root.length)),
)

type Mention = { readonly place: string; readonly text: string }

/** All texts that the first group of a pattern matches in the documents, with the places. */
function mentionsOf(pattern: RegExp, paths: readonly string[] = documents): Mention[] {
  return paths.flatMap((path) =>
    [...read(path).matchAll(pattern)].map(({ index, input, 1: text = '' }) => ({
      place: `${path}:${input.slice(0, index).split('\n').length}`,
      text,
    })),
  )
}

/** The mentions that a list of existing names lacks. */
const missing = (mentions: readonly Mention[], existing: readonly string[]) => {
  expect(mentions.length).toBeGreaterThan(0)
  return mentions.filter(({ text }) => !existing.includes(text))
}

/** Pages whose JSON blocks are all of northbound.json. */
const settingsPages = ['configuration', 'operations', 'upgrade'].flatMap((page) => [
  `docs/${page}.md`,
  `docs/${page}.zh-CN.md`,
])

describe('documents', () => {
  let cdkCommands: string[]

  beforeAll(() => {
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/cdk'), ['--help'], { cwd: root, encoding: 'utf8' })
    cdkCommands = [...stdout.matchAll(/^ {2}cdk ([a-z-]+)/gm)].map(([, command = '']) => command)
  })

  it('name commands that CDK has', () => {
    expect(missing(mentionsOf(/\bnpx cdk ([a-z][a-z-]*)/g), cdkCommands)).toEqual([])
  })

  it('name scripts that package.json has', () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')))
    expect(missing(mentionsOf(/\bnpm\s+run ([\w:-]+)/g), Object.keys(scripts))).toEqual([])
  })

  it('name context keys that are settings', () => {
    const keys = mentionsOf(/(?<![\w-])(?:-c|--context)[ =]\s*(\w+)=/g)
    expect(missing(keys, [...contextKeys, 'key'])).toEqual([])
  })

  it('contain examples of northbound.json that the synthesis accepts', () => {
    const files = [
      ...mentionsOf(/^ *```json\n(.*?)^ *```/gms, settingsPages),
      ...mentionsOf(/echo '(\{.*\})' > \S+\.json/g, settingsPages),
      ...mentionsOf(/`("[a-z]+[A-Z]\w*": [^`]+)`/g, documents).map((mention) => ({
        ...mention,
        text: `{${mention.text}}`,
      })),
    ]
    expect(files.length).toBeGreaterThan(3)
    for (const { place, text } of files) {
      const file = z.record(z.string(), z.unknown()).parse(JSON.parse(text))
      expect(() => readContext({ context: {}, file }), place).not.toThrow()
    }
  })
})
