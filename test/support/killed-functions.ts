import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { SeededRandom } from '../../packages/avd-simulator/src/seeded-random.ts'
import type { InterceptCall } from './unreliable-stores.ts'

/**
 * Processes a batch as a function does.
 *
 * @param intercept makes the calls of stores and topics.
 * @returns the events whose messages failed.
 */
export type Work = (batch: readonly NorthboundEvent[], intercept: InterceptCall) => Promise<readonly NorthboundEvent[]>

/** What becomes of a request that a killed function has sent and that has not taken effect yet. */
const fates = ['takes effect', 'takes effect late', 'is lost'] as const

type Invocation = {
  readonly batch: readonly NorthboundEvent[]
  /** The queue no longer waits for it: it has ended, or its messages were delivered again. */
  isOver: boolean
  isDead: boolean
}

/** What can happen next: a request takes effect, or its response arrives. */
type Step = { readonly invocation: Invocation; readonly isRequest: boolean; readonly run: () => void }

const maxKills = 8
/** From 0 to 1, for each call. */
const killRate = 0.08
/** Turns of the event loop in which functions that have not ended make no call. */
const maxIdleTurns = 1000

/**
 * Delivers batches to functions, up to three at the same time, until all messages have been processed. Calls take effect and return in any
 * order. Up to eight functions are killed at a call, before it takes effect or before the response arrives. Some of these go on although
 * their messages are delivered again, to the end or until a later call. Redelivered messages may form other batches.
 *
 * Nothing is late for ever: whatever a killed function has left behind takes effect before the last delivery of its messages.
 */
export async function deliverWithKills(
  batches: readonly (readonly NorthboundEvent[])[],
  random: SeededRandom,
  work: Work,
): Promise<void> {
  await new Deliveries(batches, random, work).run()
}

class Deliveries {
  readonly #queue: (readonly NorthboundEvent[])[]
  readonly #random: SeededRandom
  readonly #work: Work
  readonly #concurrency: number
  readonly #fate: (typeof fates)[number] | undefined
  /** From 0 to 1. */
  readonly #shareThatGoesOn: number
  #steps: Step[] = []
  readonly #lateSteps: Step[] = []
  readonly #lastDeliveries: (readonly NorthboundEvent[])[] = []
  readonly #errors: unknown[] = []
  #running = 0
  #kills = 0

  constructor(batches: readonly (readonly NorthboundEvent[])[], random: SeededRandom, work: Work) {
    this.#queue = [...batches]
    this.#random = random
    this.#work = work
    this.#concurrency = random.nextInteger(1, 3)
    this.#fate = random.pick(fates)
    this.#shareThatGoesOn = random.nextBoolean(0.5) ? 0.6 : 0
  }

  /** @throws the error of a function. */
  async run(): Promise<void> {
    for (let idleTurns = 0; idleTurns < maxIdleTurns; ) {
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#errors.length > 0) throw this.#errors[0]
      const canStart = this.#queue.length > 0 && this.#running < this.#concurrency
      if (canStart && (this.#steps.length === 0 || this.#random.nextBoolean(0.1))) this.#start()
      else if (this.#steps.length > 0) this.#takeOne(this.#steps).run()
      else if (this.#running > 0) {
        idleTurns++
        continue
      } else if (this.#lateSteps.length > 0) this.#takeOne(this.#lateSteps).run()
      else if (this.#lastDeliveries.length > 0) this.#queue.push(...this.#lastDeliveries.splice(0))
      else return
      idleTurns = 0
    }
    throw new Error('a function neither makes a call nor ends')
  }

  #takeOne(steps: Step[]): Step {
    const [step] = steps.splice(this.#random.nextInteger(0, steps.length - 1), 1)
    if (step === undefined) throw new Error('no step is left')
    return step
  }

  #start(): void {
    const batch = this.#queue.shift() ?? []
    const invocation: Invocation = { batch, isOver: false, isDead: false }
    this.#running++
    // Each delivery is a separate object, as it is after decoding a message.
    const delivered = batch.map((event) => ({ ...event }))
    this.#work(delivered, this.#interceptFor(invocation)).then(
      (failed) => this.#end(invocation, failed),
      (error) => this.#errors.push(error),
    )
  }

  #interceptFor(invocation: Invocation): InterceptCall {
    return (run) => {
      if (invocation.isDead) return new Promise(() => {})
      const isFatal = this.#kills < maxKills && this.#random.nextBoolean(killRate)
      const isFatalBefore = isFatal && this.#random.nextBoolean(0.5)
      if (isFatalBefore) this.#kill(invocation)
      if (invocation.isDead) return new Promise(() => {})
      return new Promise((resolve, reject) => {
        const respond = (response: () => void) => {
          if (isFatal && !isFatalBefore) this.#kill(invocation)
          if (!invocation.isDead) this.#steps.push({ invocation, isRequest: false, run: response })
        }
        const send = () =>
          void run().then(
            (result) => respond(() => resolve(result)),
            (error) => respond(() => reject(error)),
          )
        this.#steps.push({ invocation, isRequest: true, run: send })
      })
    }
  }

  /** Kills the function, or lets it only look dead: it goes on, and may be killed at a later call. */
  #kill(invocation: Invocation): void {
    this.#kills++
    const goesOn = !invocation.isOver && this.#random.nextBoolean(this.#shareThatGoesOn)
    if (!goesOn) this.#stop(invocation)
    this.#end(invocation, invocation.batch)
  }

  #stop(invocation: Invocation): void {
    invocation.isDead = true
    const isOwn = (step: Step) => step.invocation === invocation
    const requests = this.#steps.filter((step) => isOwn(step) && step.isRequest)
    this.#steps = this.#steps.filter((step) => !isOwn(step))
    if (this.#fate === 'takes effect') this.#steps.push(...requests)
    if (this.#fate === 'takes effect late') this.#lateSteps.push(...requests)
    if (requests.length > 0 || invocation.isOver) this.#lastDeliveries.push(invocation.batch)
  }

  /** Puts the messages that have not been processed on the queue again. */
  #end(invocation: Invocation, messages: readonly NorthboundEvent[]): void {
    if (invocation.isOver) return
    invocation.isOver = true
    this.#running--
    if (messages.length === 0) return
    if (this.#random.nextBoolean(0.5)) {
      this.#queue.unshift(messages)
      return
    }
    const end = this.#random.nextInteger(1, messages.length)
    for (const part of [messages.slice(0, end), messages.slice(end)]) if (part.length > 0) this.#insert(part)
  }

  #insert(messages: readonly NorthboundEvent[]): void {
    const index = this.#random.nextInteger(0, this.#queue.length)
    const other = this.#queue[index]
    if (other !== undefined && this.#random.nextBoolean(0.5)) this.#queue[index] = [...other, ...messages]
    else this.#queue.splice(index, 0, messages)
  }
}
