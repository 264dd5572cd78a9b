/** Removes white space from JSON text. Parsing and serializing it would change large numbers and the order of members. */
export function removeWhiteSpace(source: string): string {
  return source.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')
}

/**
 * Lists the members of a JSON object in order, including repeated names, with the source text of each value. JSON.parse
 * keeps neither. `text` must be a valid JSON object.
 */
export function listMembers(text: string): [name: string, source: string][] {
  const found: [string, string][] = []
  let at = text.indexOf('{') + 1
  for (;;) {
    at = skipBlank(text, at)
    if (text[at] === '}') return found
    if (text[at] === ',') at = skipBlank(text, at + 1)
    const nameEnd = endOfString(text, at)
    const valueStart = skipBlank(text, skipBlank(text, nameEnd) + 1)
    const valueEnd = endOfValue(text, valueStart)
    found.push([JSON.parse(text.slice(at, nameEnd)), text.slice(valueStart, valueEnd).trimEnd()])
    at = valueEnd
  }
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (/\s/.test(text[at] ?? '')) at++
  return at
}

/** The index after the string whose opening quotation mark is at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** The index of the comma or bracket that ends the value at `from`. */
function endOfValue(text: string, from: number): number {
  let depth = 0
  let at = from
  for (;;) {
    const char = text[at] ?? '}'
    if (char === '"') {
      at = endOfString(text, at)
      continue
    }
    if (depth === 0 && (char === ',' || char === '}')) return at
    if (char === '{' || char === '[') depth++
    if (char === '}' || char === ']') depth--
    at++
  }
}
