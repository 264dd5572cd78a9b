let twoByteCodes: Map<string, string> | undefined

/**
 * Encodes text as GBK, one character for each byte.
 *
 * @returns undefined if the text has other characters.
 */
export function encodeGbk(text: string): string | undefined {
  twoByteCodes ??= listTwoByteCodes()
  let encoded = ''
  for (const character of text) {
    const code = character <= '\x7f' ? character : twoByteCodes.get(character)
    if (code === undefined) return undefined
    encoded += code
  }
  return encoded
}

/** The platform can only decode GBK, so the table is what all codes decode to. */
function listTwoByteCodes(): Map<string, string> {
  const bytes: number[] = []
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) bytes.push(lead, trail)
  const characters = [...new TextDecoder('gbk').decode(Uint8Array.from(bytes))]
  const codeAt = (index: number) => Buffer.from(bytes.slice(index * 2, index * 2 + 2)).toString('latin1')
  return new Map(characters.map((character, index) => [character, codeAt(index)]))
}
