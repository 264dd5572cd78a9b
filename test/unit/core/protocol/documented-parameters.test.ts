import { describe, expect, it } from 'vitest'
import { isDocumented } from '../../../../core/protocol/documented-parameters.ts'
import { documentedEvents } from '../../../../core/protocol/event-senders.ts'
import { dataSchema } from '../../../../core/protocol/events.ts'
import { read } from '../../../support/documents.ts'

/** The rows of the table of events in docs/protocol.md: names of events, and the cell of their parameters. */
const rows = read('docs/protocol.md')
  .split('## Signature')[0]
  ?.split('\n')
  .flatMap((line) => {
    const [, names = '', sender = '', parameters = ''] = line.split(/(?<!\\)\|/)
    return /media_server|master/.test(sender) ? [{ names: names.match(/\w+/g) ?? [], parameters }] : []
  })

describe('the documented parameters', () => {
  it('include every parameter of a documented event, so that a reading without the others keeps it', () => {
    for (const { shape } of dataSchema.options)
      if (documentedEvents.includes(shape.event.value))
        expect(Object.keys(shape).filter((name) => !isDocumented(name))).toEqual([])
  })

  it('include every parameter that the table of events names', () => {
    const named = rows?.flatMap(({ parameters }) => parameters.match(/\b[a-z]+_[a-z]+\b(?=,? [YN(])/g) ?? []) ?? []
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((name) => !isDocumented(name))).toEqual([])
  })
})

describe('the documented events', () => {
  it('are those of the table of events in docs/protocol.md', () => {
    expect(rows?.flatMap(({ names }) => names).toSorted()).toEqual([...documentedEvents].toSorted())
  })
})
