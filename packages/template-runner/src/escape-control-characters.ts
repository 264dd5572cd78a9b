/** Escapes control characters, so that untrusted text cannot send commands to the terminal. */
export function escapeControlCharacters(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16).padStart(4, '0')}}`,
  )
}
