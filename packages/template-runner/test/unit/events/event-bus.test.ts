import { expect, it } from 'vitest'
import { EventBus } from '../../../src/events/event-bus.ts'
import type { InvocationResult } from '../../../src/functions/invocation-result.ts'

const event = { source: 'own', detailType: 'Change', resources: [], detail: {}, atMs: 0 }

it('EventBus.stop waits for running invocations, and events after it invoke nothing', async () => {
  const { promise, resolve } = Promise.withResolvers<InvocationResult>()
  let invocations = 0
  const bus = new EventBus()
  const invokeAsynchronously = () => {
    invocations++
    return promise
  }
  bus.add({ matches: () => true, targets: [{ invokeAsynchronously }, { invokeAsynchronously }] })
  bus.put(event)
  expect(invocations).toBe(2)
  let isStopped = false
  const stopped = bus.stop().then(() => {
    isStopped = true
  })
  await Promise.resolve()
  expect(isStopped).toBe(false)
  bus.put(event)
  resolve({ kind: 'returned', payload: 'null' })
  await stopped
  expect(invocations).toBe(2)
})
