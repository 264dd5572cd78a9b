import { splitTranslation, type TextKey } from '../words.ts'
import { WireText } from './wire-text.tsx'

type TranslatedProps = {
  readonly text: TextKey
  /** Texts from outside the console, such as ids and what was typed. */
  readonly values: Readonly<Record<string, string>>
}

/** A text of the console in which each value is isolated. */
export function Translated({ text, values }: TranslatedProps) {
  return splitTranslation(text).map((part) =>
    typeof part === 'string' ? part : <WireText key={part.name} text={values[part.name] ?? ''} />,
  )
}
