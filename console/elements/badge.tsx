import { Fragment } from 'preact'
import type { Vocabulary } from '../wire-vocabularies.ts'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'
import { WireText } from './wire-text.tsx'

export type BadgeKind = 'good' | 'warn' | 'bad' | 'plain'

export function Badge({ text, kind = 'plain', title }: { text: string; kind?: BadgeKind; title?: string | undefined }) {
  return (
    <span class={`badge ${kind}`} title={title}>
      <WireText text={text} />
    </span>
  )
}

export function EstimatedBadge({ estimated }: { estimated: boolean }) {
  return estimated ? <Badge text={translate('estimated')} kind="warn" title={translate('estimatedHelp')} /> : null
}

/** The names of values of the API, each isolated, or a dash if there are none. */
export function Words({ of: vocabulary, values }: { of: Vocabulary; values: readonly string[] }) {
  if (values.length === 0) return '–'
  return values.map((value, index) => (
    <Fragment key={value}>
      {index > 0 && translate('listComma')}
      <Word of={vocabulary} value={value} />
    </Fragment>
  ))
}

/** The name of a value of the API, or a dash if there is none. */
export function Word({ of: vocabulary, value }: { of: Vocabulary; value: string | null }) {
  return value === null ? '–' : <WireText text={nameOf(vocabulary, value)} />
}
