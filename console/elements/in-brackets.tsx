import type { ComponentChildren } from 'preact'
import { translate } from '../words.ts'

/** An addition to what is before it, in the brackets of the language. */
export function InBrackets({ children }: { children: ComponentChildren }) {
  return (
    <>
      {translate('openingBracket')}
      {children}
      {translate('closingBracket')}
    </>
  )
}
