import type { ComponentChildren } from 'preact'

export type Fact = { readonly name: string; readonly value: ComponentChildren; readonly id?: string }

/** Names and values, such as the facts about a room. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(({ name, value, id }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd id={id}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
