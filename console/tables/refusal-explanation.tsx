import { refusalTexts } from '../texts/refusals.ts'
import { translate } from '../words.ts'

/** What it means that a callback was refused, and what to do. A newer API may have further outcomes. */
export function RefusalExplanation({ outcome }: { outcome: string }) {
  const isKnown = (text: string): text is keyof typeof refusalTexts => Object.hasOwn(refusalTexts, text)
  return translate(isKnown(outcome) ? outcome : 'refusedOtherwise')
}
