import { describe, expect, it } from 'vitest'
import { startProgress } from '../../../cli/progress.ts'
import { createTerminal } from '../../support/cli.ts'

const label = { en: 'Sending', zh: '正在发送' }

describe('progress', () => {
  it('is a line in five seconds if no one watches', () => {
    const { terminal, stderr } = createTerminal()
    let now = 0
    const progress = startProgress(terminal, { label, total: 100 }, () => now)
    for (const second of [1, 2, 5, 6, 9, 10]) {
      now = second * 1000
      progress.update(second, '1/s')
    }
    progress.stop()
    expect(stderr()).toBe('Sending 5/100 1/s\nSending 10/100 1/s\n')
  })

  it('is a bar on a terminal, which leaves nothing behind', () => {
    const { terminal, stderr } = createTerminal({ isInteractive: true, language: 'zh' })
    const progress = startProgress(terminal, { label, total: 4 })
    progress.update(1, '1/s')
    progress.stop()
    expect(stderr()).toContain('正在发送')
    expect(stderr()).toContain('25% | 1/4 1/s')
  })

  it.each([true, false])('shows the number done alone if the total is 0 (on a terminal: %s)', (isInteractive) => {
    const { terminal, stderr } = createTerminal({ isInteractive })
    let now = 0
    const progress = startProgress(terminal, { label, total: 0 }, () => now)
    now = 5_000
    progress.update(9, '1/s')
    progress.stop()
    expect(stderr()).toContain('Sending 9 1/s')
  })
})
