/**
 * Says in one line where a text stops being JSON, and why.
 *
 * @returns undefined if the text is JSON.
 */
export function findSyntaxError(text: string): string | undefined {
  const message = parseError(text)
  if (message === undefined) return undefined
  const { offset, reason } = locate(text, message)
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/)
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}: ${reason}`
}

function parseError(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function locate(text: string, message: string): { offset: number; reason: string } {
  const [, stated, position] = /^(.*) in JSON at position (\d+)/.exec(message) ?? []
  const offset = position === undefined ? findUnexpectedToken(text) : Number(position)
  const rest = text.slice(offset)
  if (/^(\/\/|\/\*|#)/.test(rest)) return { offset, reason: 'JSON has no comments' }
  if (/^[}\]]/.test(rest) && /,\s*$/.test(text.slice(0, offset)))
    return { offset, reason: `there must be no comma before ${rest[0]}` }
  if (rest === '') return { offset, reason: 'the end of the file is missing' }
  return { offset, reason: stated ?? `${JSON.stringify([...rest][0])} is not expected here` }
}

/** V8 states no position for an unexpected token: the first prefix of the text that has the token ends with it. */
function findUnexpectedToken(text: string): number {
  let [valid, invalid] = [0, text.length + 1]
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2)
    if (parseError(text.slice(0, middle))?.startsWith('Unexpected token')) invalid = middle
    else valid = middle
  }
  return valid
}
