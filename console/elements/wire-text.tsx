import { translate } from '../words.ts'
import { splitInvisible } from './visible-text.ts'

/**
 * Text that users chose: a name or an id. It is isolated, so that its direction does not turn the text around
 * it, and characters that cannot be seen are shown by their code.
 */
export function WireText({ text }: { readonly text: string }) {
  return (
    <bdi>
      {splitInvisible(text).map((part) =>
        'text' in part ? (
          part.text
        ) : (
          <span class="control" title={translate('controlCharacter', part)}>
            {part.code}
          </span>
        ),
      )}
    </bdi>
  )
}
