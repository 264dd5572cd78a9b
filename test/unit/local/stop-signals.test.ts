import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createStopHandler } from '../../../local/stop-signals.ts'

describe('the handler of stop signals', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Sends signals at these times, in milliseconds. */
  function sendAt(...timesMs: number[]) {
    const actions = { stop: vi.fn(), kill: vi.fn() }
    const { onSignal, repetitionsOver } = createStopHandler(actions.stop, actions.kill)
    let nowMs = 0
    for (const timeMs of timesMs) {
      vi.advanceTimersByTime(timeMs - nowMs)
      nowMs = timeMs
      onSignal()
    }
    return { ...actions, repetitionsOver }
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

  it('announces when signals are no longer repetitions', async () => {
    const { repetitionsOver } = sendAt(5000)
    const onOver = vi.fn()
    repetitionsOver.then(onOver)
    await vi.advanceTimersByTimeAsync(1000)
    expect(onOver).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    expect(onOver).toHaveBeenCalledOnce()
  })
})

describe('the handler of stop signals in a process whose event loop was busy', () => {
  it('ignores a signal that came within a second and could not be handled before', async () => {
    const module = JSON.stringify(new URL('../../../local/stop-signals.ts', import.meta.url))
    const script = `
      import { createStopHandler } from ${module}
      const { onSignal, repetitionsOver } = createStopHandler(
        () => setImmediate(() => { for (const end = performance.now() + 2500; performance.now() < end; ); }),
        () => process.exit(1))
      process.on('SIGINT', onSignal)
      repetitionsOver.then(() => process.exit(0))
      process.stdout.write('ready')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'pipe' })
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    await sleep(200)
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([0, null])
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
