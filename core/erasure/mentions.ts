/**
 * Creates a function that says whether a text contains a user id as a word of its own: as sent, in JSON, in JSON inside of
 * JSON, or percent-encoded.
 */
export function createMentionFinder(userId: string): (text: string) => boolean {
  const forms = listWrittenForms(userId)
  return (text) => forms.some((form) => containsWord(text, form))
}

/** The forms in which an id may be written in a stored text. */
export function listWrittenForms(userId: string): string[] {
  const inJson = JSON.stringify(userId).slice(1, -1)
  const inNestedJson = JSON.stringify(inJson).slice(1, -1)
  const encoded = encodeURIComponent(userId.toWellFormed())
  return [...new Set([userId, inJson, inNestedJson, encoded])]
}

const letterOrDigit = /[\p{L}\p{N}]/u

function containsWord(text: string, word: string): boolean {
  for (let start = text.indexOf(word); start !== -1; start = text.indexOf(word, start + 1)) {
    const isPartOfLonger =
      (startsAsWord(word) && letterOrDigit.test(text.charAt(start - 1))) ||
      (endsAsWord(word) && letterOrDigit.test(text.charAt(start + word.length)))
    if (!isPartOfLonger) return true
  }
  return false
}

const startsAsWord = (word: string) => letterOrDigit.test(word.charAt(0))
const endsAsWord = (word: string) => letterOrDigit.test(word.charAt(word.length - 1))
