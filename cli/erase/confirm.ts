import { createInterface } from 'node:readline/promises'
import { CliError, usageError } from '../cli-error.ts'
import { inLanguage, type Terminal } from '../terminal.ts'

/**
 * Has the operator type the user id before it is erased.
 *
 * @throws CliError if the operator types something else, or if the command does not run in a terminal.
 */
export async function confirmErasure(terminal: Terminal, userId: string): Promise<void> {
  if (!terminal.isInteractive) {
    throw usageError({
      en: 'this cannot be undone: add --yes, or execute it in a terminal',
      zh: '此操作无法撤销：请加 --yes，或在终端中执行',
    })
  }
  const question = inLanguage(terminal, {
    en: 'This cannot be undone. Type the user id to erase these data: ',
    zh: '此操作无法撤销。请输入该用户的 ID 以确认删除：',
  })
  const prompt = createInterface({ input: terminal.stdin, output: terminal.stderr, terminal: false })
  // The end of the input is an answer, too: no.
  const ended = new Promise<string>((resolve) => prompt.once('close', () => resolve('')))
  try {
    const answer = await Promise.race([prompt.question(question, { signal: terminal.signal }), ended])
    if (answer === userId) return
  } finally {
    prompt.close()
  }
  throw new CliError({ en: 'not confirmed; nothing was erased', zh: '未确认，未删除任何数据' })
}
