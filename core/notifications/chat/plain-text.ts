import { toPrintable, truncate } from '../alert.ts'

/**
 * Replaces characters that a chat service could take for a mention (`@all`, `<at …>`) or a tag by their full-width forms,
 * and control characters other than line ends. Messages are sent as plain text, so Markdown has no effect.
 */
export function toPlainText(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => toPrintable(line.replaceAll('\t', ' ')))
    .join('\n')
    .replaceAll('@', '＠')
    .replaceAll('<', '＜')
    .replaceAll('>', '＞')
}

/**
 * Makes one line of untrusted text, such as a `box_code`. A URL in it does not become
 * a link.
 *
 * @param maxLength UTF-16 code units.
 */
export function toPlainValue(text: string, maxLength: number): string {
  const line = toPlainText(toPrintable(text)).replaceAll('://', '：//')
  return truncate(line, maxLength)
}
