import { describe, expect, it } from 'vitest'
import { listCases } from '../../../support/list-cases.ts'
import { readScript } from '../../../support/scripted-platform.ts'

describe('avdPlatform', () => {
  it.each(listCases.map((listCase) => [listCase.name, listCase] as const))(
    'treats the answer "%s" as the case states',
    async (_name, { pages, outcome, people }) => {
      const result = await readScript({ rooms: pages })
      expect(result.people).toEqual(outcome === 'accepted' ? people : undefined)
      if (outcome === 'refused') expect(result.reason).toBe('refused')
      else if (outcome !== 'accepted') expect(result.reason).toMatch(/incomplete|http_status/)
    },
  )
})
