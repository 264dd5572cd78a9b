import { Fragment } from 'preact'
import type { Vocabulary } from '../wire-vocabularies.ts'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'
import { None } from './none.tsx'
import { WireText } from './wire-text.tsx'

export type BadgeKind = 'good' | 'warn' | 'bad' | 'plain'

export function Badge({ text, kind = 'plain', title }: { text: string; kind?: BadgeKind; title?: string | undefined }) {
  return (
    <span class={`badge ${kind}`} title={title}>
      <WireText text={text} />
    </span>
  )
}

type EstimatedBadgeProps = {
  readonly estimated: boolean
  /** The reason that stands beside it, which may say the same. */
  readonly reason?: string | null
}

export function EstimatedBadge({ estimated, reason }: EstimatedBadgeProps) {
  if (!estimated || reason === 'reconciled') return null
  return <Badge text={translate('estimated')} kind="warn" title={translate('estimatedHelp')} />
}

/** The names of API values, each isolated, or a dash for an empty list. */
export function Words({ of: vocabulary, values }: { of: Vocabulary; values: readonly string[] }) {
  if (values.length === 0) return <None />
  return values.map((value, index) => (
    <Fragment key={value}>
      {index > 0 && translate('listComma')}
      <Word of={vocabulary} value={value} />
    </Fragment>
  ))
}

/** The name of an API value, or a dash for null. */
export function Word({ of: vocabulary, value }: { of: Vocabulary; value: string | null }) {
  return value === null ? <None /> : <WireText text={nameOf(vocabulary, value)} />
}
