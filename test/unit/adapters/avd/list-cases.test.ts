import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readScript, type ScriptedAnswer } from '../../../support/scripted-platform.ts'

interface ListCase {
  readonly name: string
  /** An array holds pages. */
  readonly answer?: object | object[]
  /** The text of the answer, if JSON.stringify cannot produce it. */
  readonly raw?: string
  readonly outcome: string
  readonly people?: Readonly<Record<string, readonly string[]>>
}

const { cases } = JSON.parse(readFileSync(new URL('../../../cases/lists.json', import.meta.url), 'utf8')) as {
  cases: ListCase[]
}

describe('avdPlatform', () => {
  it.each(cases.map((listCase) => [listCase.name, listCase] as const))(
    'treats the answer "%s" as the case states',
    async (_name, { answer, raw, outcome, people }) => {
      const pages = (Array.isArray(answer) ? answer : [answer ?? raw]) as ScriptedAnswer[]
      const result = await readScript({ rooms: pages })
      expect(result.people).toEqual(outcome === 'accepted' ? people : undefined)
      if (outcome === 'refused') expect(result.reason).toBe('refused')
      else if (outcome !== 'accepted') expect(result.reason).toMatch(/incomplete|http_status/)
    },
  )
})
