import { describe, expect, it } from 'vitest'
import { confirmErasure } from '../../../../cli/erase/confirm.ts'
import { createTerminal } from '../../../support/cli.ts'

describe('confirmErasure', () => {
  it('accepts exactly the id', async () => {
    for (const id of ['138', ' 1 ', '王小明', 'a\\"b']) {
      const { terminal } = createTerminal({ isInteractive: true, input: `${id}\n` })
      await expect(confirmErasure(terminal, id)).resolves.toBeUndefined()
    }
  })

  it.each(['yes\n', '', '13\n', '1380\n'])('refuses the answer %j', async (input) => {
    const { terminal, stderr } = createTerminal({ isInteractive: true, input })
    await expect(confirmErasure(terminal, '138')).rejects.toThrow('not confirmed; nothing was erased')
    expect(stderr()).toContain('Type the user id')
  })

  it('does not ask without a terminal', async () => {
    const { terminal } = createTerminal({ input: '138\n' })
    await expect(confirmErasure(terminal, '138')).rejects.toMatchObject({ exitCode: 2 })
  })
})
