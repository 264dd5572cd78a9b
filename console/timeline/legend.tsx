import type { ComponentChildren } from 'preact'
import { nameKind, nameMark } from './bars.tsx'
import type { BarKind, Lane, Mark } from './lanes.ts'

const barKinds: readonly BarKind[] = ['session', 'session estimated', 'audio', 'video', 'desktop', 'other', 'recording']
const markKinds: readonly Mark['kind'][] = ['reconnect', 'failed', 'end-unknown']

/** Explains the colours and lines of the timeline that occur in it. */
export function Legend({ lanes }: { lanes: readonly Lane[] }) {
  const kinds = new Set<string>(lanes.flatMap(({ bars, marks }) => [...bars, ...marks].map(({ kind }) => kind)))
  return (
    <ul class="legend">
      {barKinds
        .filter((kind) => kinds.has(kind))
        .map((kind) => (
          <Entry key={kind} name={nameKind(kind)}>
            <rect x={0} y={1} width={16} height={8} class={`bar ${kind}`} />
          </Entry>
        ))}
      {markKinds
        .filter((kind) => kinds.has(kind))
        .map((kind) => (
          <Entry key={kind} name={nameMark(kind)}>
            <line x1={8} x2={8} y1={0} y2={10} class={`mark ${kind}`} />
          </Entry>
        ))}
    </ul>
  )
}

function Entry({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <li>
      <svg viewBox="0 0 16 10" aria-hidden="true">
        {children}
      </svg>
      {name}
    </li>
  )
}
