import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { createStopHandler } from '../../../local/stop-signals.ts'

describe('the handler of stop signals', () => {
  /** Sends signals at these times, in milliseconds. */
  function sendAt(...timesMs: number[]) {
    let nowMs = 0
    const actions = { stop: vi.fn(), kill: vi.fn() }
    const onSignal = createStopHandler(actions.stop, actions.kill, () => nowMs)
    for (const timeMs of timesMs) {
      nowMs = timeMs
      onSignal()
    }
    return actions
  }

  it('stops the run on the first signal', () => {
    const { stop, kill } = sendAt(5000)
    expect(stop).toHaveBeenCalledOnce()
    expect(kill).not.toHaveBeenCalled()
  })

  it('ignores signals that follow within a second', () => {
    const { stop, kill } = sendAt(5000, 5000, 5400, 6000)
    expect(stop).toHaveBeenCalledOnce()
    expect(kill).not.toHaveBeenCalled()
  })

  it('kills the run on a later signal', () => {
    const { stop, kill } = sendAt(5000, 5001, 6500)
    expect(stop).toHaveBeenCalledOnce()
    expect(kill).toHaveBeenCalledOnce()
  })
})

describe('watching the parent process', () => {
  it('reports the end of the parent', async () => {
    const module = JSON.stringify(new URL('../../../local/stop-signals.ts', import.meta.url))
    const child = `
      import { watchParent } from ${module}
      watchParent(() => process.exit(process.stdout.write('the parent has ended') ? 0 : 1))
      setTimeout(() => {}, 10_000)
      process.stdout.write('watching, ')`
    const parent = `
      import { spawn } from 'node:child_process'
      spawn(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(child)}], { stdio: 'inherit' })`
    const started = spawn(process.execPath, ['--input-type=module', '--eval', parent], { stdio: 'pipe' })
    let output = ''
    started.stdout.on('data', (chunk) => {
      output += chunk
    })
    await expect.poll(() => output).toBe('watching, ')
    started.kill('SIGKILL')
    // Emitted when the child has closed its standard output too.
    await once(started, 'close')
    expect(output).toBe('watching, the parent has ended')
  })
})
