import { translate } from '../words.ts'
import { nameKind } from './bars.tsx'
import type { BarKind } from './lanes.ts'

const kinds: readonly BarKind[] = ['session', 'session estimated', 'audio', 'video', 'desktop', 'recording']

/** Explains the colours of the timeline. */
export function Legend() {
  return (
    <ul class="legend">
      {kinds.map((kind) => (
        <li key={kind}>
          <svg viewBox="0 0 16 10" aria-hidden="true">
            <rect x={0} y={1} width={16} height={8} class={`bar ${kind}`} />
          </svg>
          {nameKind(kind)}
        </li>
      ))}
      <li>
        <svg viewBox="0 0 16 10" aria-hidden="true">
          <line x1={8} x2={8} y1={0} y2={10} class="mark" />
        </svg>
        {translate('reconnect')}
      </li>
    </ul>
  )
}
