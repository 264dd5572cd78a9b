/** Words that may stand before a command, such as `do` in a loop. */
const keywords = new Set(['do', 'then', 'while', 'if', '{', '('])

type Scan = { readonly commands: string[][]; readonly end: number }

/**
 * Splits the text of a shell script into simple commands, each as a list of words. Commands in `$(…)` come on their own, before the
 * command around them. Comments, assignments before a command, redirections and the keywords of loops are left out.
 */
export function splitShellCommands(script: string): string[][] {
  const { commands } = scanCommands(script, 0, '')
  return commands.map(withoutPrefixes).filter((words) => words.length > 0)
}

/** Scans to the closing character, or to the end of the text. */
function scanCommands(text: string, start: number, closing: string): Scan {
  const commands: string[][] = []
  let words: string[] = []
  let word: string | undefined
  let at = start
  const endWord = () => {
    if (word !== undefined) words.push(word)
    word = undefined
  }
  const endCommand = () => {
    endWord()
    commands.push(words)
    words = []
  }
  for (; at < text.length && (text[at] !== closing || closing === ''); at++) {
    const character = text[at] ?? ''
    if (character === '\\') {
      at++
      if (text[at] !== '\n') word = (word ?? '') + (text[at] ?? '')
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1)
      word = (word ?? '') + text.slice(at + 1, end)
      at = end
    } else if (character === '"') {
      const quoted = scanQuoted(text, at + 1)
      commands.push(...quoted.commands)
      word = (word ?? '') + text.slice(at + 1, quoted.end)
      at = quoted.end
    } else if (character === '(') {
      const nested = scanCommands(text, at + 1, ')')
      commands.push(...nested.commands)
      word = (word ?? '') + text.slice(at, nested.end + 1)
      at = nested.end
    } else if (character === '#' && word === undefined) {
      at = indexOrEnd(text, '\n', at) - 1
    } else if (';|&\n'.includes(character) && !(character === '&' && word?.endsWith('>'))) {
      endCommand()
    } else if (/\s/.test(character)) {
      endWord()
    } else {
      word = (word ?? '') + character
    }
  }
  endCommand()
  return { commands, end: at }
}

/** Scans to the closing double quotation mark, and collects the commands in `$(…)`. */
function scanQuoted(text: string, start: number): Scan {
  const commands: string[][] = []
  let at = start
  for (; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === '\\') at++
    else if (text.startsWith('$(', at)) {
      const nested = scanCommands(text, at + 2, ')')
      commands.push(...nested.commands)
      at = nested.end
    }
  }
  return { commands, end: at }
}

function indexOrEnd(text: string, searched: string, from: number): number {
  const index = text.indexOf(searched, from)
  return index === -1 ? text.length : index
}

function withoutPrefixes(words: readonly string[]): string[] {
  const first = words.findIndex((word) => !keywords.has(word) && !/^\w+=/.test(word))
  const command = first === -1 ? [] : words.slice(first)
  return command.filter((word, index) => !/^\d?[<>]/.test(word) && !/^\d?[<>]$/.test(command[index - 1] ?? ''))
}
