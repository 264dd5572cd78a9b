// Field names of the platform's lists are not published (docs/protocol.md, The platform's own API), so they are compared
// by their words, whatever the case and the separators.

/** Words that are written together in names such as `totalcount`, `pageno` or `hasnext`. */
const joinedWords = [
  ...['total', 'count', 'num', 'number', 'size', 'no', 'page', 'pages', 'index', 'cursor', 'offset', 'limit', 'token'],
  ...['has', 'is', 'next', 'prev', 'last', 'first', 'more', 'current', 'cur', 'per', 'max', 'all', 'of', 'start'],
  ...[
    'room',
    'rooms',
    'user',
    'users',
    'member',
    'members',
    'online',
    'people',
    'person',
    'participant',
    'participants',
  ],
  ...['record', 'records', 'item', 'items', 'row', 'rows', 'list', 'data', 'element', 'elements', 'result', 'results'],
  ...['err', 'error', 'ret', 'code', 'msg', 'message', 'status', 'meeting', 'meetings'],
]
const joinedWordSet: ReadonlySet<string> = new Set(joinedWords)
const maxJoinedLength = Math.max(...joinedWords.map((word) => word.length))

/** Cached, because thousands of rooms and users have the same few names. Bounded, because some maps have ids as names. */
const wordsByName = new Map<string, readonly string[]>()
const maxCachedNames = 5000

/** Splits a name at case changes, digits, separators, and between words that are commonly joined; in lower case. */
export function splitWords(name: string): readonly string[] {
  const cached = wordsByName.get(name)
  if (cached !== undefined) return cached
  const words = name
    .normalize('NFKC')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')
    .flatMap((word) => splitJoined(word) ?? [word])
  if (wordsByName.size < maxCachedNames) wordsByName.set(name, words)
  return words
}

/** Longer names are not split, because trying all ways to split them could take long. */
const maxSplitLength = 32

/** @returns undefined if the text does not consist of joined words only. */
function splitJoined(text: string): readonly string[] | undefined {
  if (text === '') return []
  if (text.length > maxSplitLength) return undefined
  for (let length = Math.min(text.length, maxJoinedLength); length >= 2; length--) {
    const word = text.slice(0, length)
    if (!joinedWordSet.has(word)) continue
    const rest = splitJoined(text.slice(length))
    if (rest !== undefined) return [word, ...rest]
  }
  return undefined
}

/**
 * Finds the fields with one of these names, written in any case and with any separators, in the order of `names`.
 *
 * @param names in lower case without separators.
 */
export function findFields(
  object: Readonly<Record<string, unknown>>,
  names: readonly string[],
): { readonly name: string; readonly value: unknown }[] {
  const found: { name: string; value: unknown; rank: number }[] = []
  for (const name in object) {
    const rank = names.indexOf(joinName(name))
    if (rank >= 0 && object[name] !== undefined) found.push({ name, value: object[name], rank })
  }
  return found.length < 2 ? found : found.sort((a, b) => a.rank - b.rank)
}

const joinedByName = new Map<string, string>()

function joinName(name: string): string {
  const cached = joinedByName.get(name)
  if (cached !== undefined) return cached
  const joined = name.toLowerCase().replace(/[-_\s]/g, '')
  if (joinedByName.size < maxCachedNames) joinedByName.set(name, joined)
  return joined
}
