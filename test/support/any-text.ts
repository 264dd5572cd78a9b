import fc from 'fast-check'

const surrogates = { first: 0xd800, count: 0x800 }
const lastCodePoint = 0x10ffff

function toCharacter(index: number): string {
  return String.fromCodePoint(index < surrogates.first ? index : index + surrogates.count)
}

function toIndex(character: unknown): number {
  const point = typeof character === 'string' ? character.codePointAt(0) : undefined
  if (point === undefined || String.fromCodePoint(point) !== character) throw new Error('not a single character')
  if (point >= surrogates.first && point < surrogates.first + surrogates.count) throw new Error('a lone surrogate')
  return point < surrogates.first ? point : point - surrogates.count
}

const anyCharacter = fc.nat(lastCodePoint - surrogates.count).map(toCharacter, toIndex)

/**
 * Any well-formed text. Generates the same texts as `fc.string({ unit: 'binary' })`, which takes more than a second to
 * construct because it builds a table of all characters.
 */
export function anyText(constraints: Omit<fc.StringConstraints, 'unit'> = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: anyCharacter })
}
