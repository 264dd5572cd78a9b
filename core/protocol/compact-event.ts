import type { NorthboundEvent, Parameters } from './events.ts'

const noParameters: Parameters = {}

/**
 * Returns a function that reduces events to what a fold needs, so that a long history fits into memory: equal texts are stored
 * once, and parameters are dropped, except for leaves, which may be published again.
 */
export function createCompactor(): (event: NorthboundEvent) => NorthboundEvent {
  const texts = new Map<string, string>()
  const intern = (text: string) => {
    const known = texts.get(text)
    if (known === undefined) texts.set(text, text)
    return known ?? text
  }
  return ({ data, params, ...metadata }) => ({
    ...metadata,
    event: intern(metadata.event),
    params: data.event === 'leave' ? params : noParameters,
    data: internTexts(data, intern),
  })
}

function internTexts<Data extends object>(data: Data, intern: (text: string) => string): Data {
  const copy = { ...data }
  for (const [name, value] of Object.entries(copy))
    if (typeof value === 'string') Object.assign(copy, { [name]: intern(value) })
  return copy
}
