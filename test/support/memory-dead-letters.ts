import type { DeadLetter, DeadLetterQueue } from '../../core/ports/dead-letter-queue.ts'

type StoredLetter = DeadLetter & { hiddenUntil: number }

const hiddenMs = 600_000
const maxReceived = 10

/** A dead-letter queue in memory, whose requests take `requestMs` of its own clock. The event queue is `queued`. */
export function memoryDeadLetters(requestMs = 20) {
  /** By receipt handle. */
  const letters = new Map<string, StoredLetter>()
  let handles = 0
  const queued: { body: string; groupId: string | undefined; redrivenAt: number }[] = []
  const clock = { ms: 10_000_000 }
  const broken = { receive: false, send: false, delete: false, release: false }
  let maxInFlightRequests = 0
  let inFlightRequests = 0

  async function request<Result>(action: () => Result): Promise<Result> {
    inFlightRequests++
    maxInFlightRequests = Math.max(maxInFlightRequests, inFlightRequests)
    await new Promise((resolve) => setImmediate(resolve))
    clock.ms += requestMs / inFlightRequests
    inFlightRequests--
    return action()
  }
  function check(part: keyof typeof broken): void {
    if (broken[part]) throw new Error(`${part} failed`)
  }
  const visible = () => letters.values().filter(({ hiddenUntil }) => hiddenUntil <= clock.ms)
  const countVisible = () => visible().reduce((count) => count + 1, 0)

  function addLetter(body: string, groupId: string | undefined, isRedriven: boolean): void {
    const receiptHandle = `handle-${handles++}`
    const letter = { id: receiptHandle, sentAt: clock.ms, body, groupId, receiptHandle, isRedriven, hiddenUntil: 0 }
    letters.set(receiptHandle, letter)
  }

  const queue: DeadLetterQueue = {
    countVisible: () => request(countVisible),
    countQueuedMessages: () => request(() => queued.length),
    receive: () =>
      request(() => {
        check('receive')
        const received = [...visible().take(maxReceived)]
        for (const letter of received) letter.hiddenUntil = clock.ms + hiddenMs
        return received
      }),
    async putBack(putBack, now) {
      await request(() => {
        check('send')
        queued.push(...putBack.map(({ body, groupId }) => ({ body, groupId, redrivenAt: now })))
      })
      await request(() => {
        check('delete')
        for (const { receiptHandle } of putBack) letters.delete(receiptHandle)
      })
    },
    release: (receiptHandles) =>
      request(() => {
        check('release')
        for (const letter of receiptHandles.map((handle) => letters.get(handle))) if (letter) letter.hiddenUntil = 0
      }),
  }
  return {
    queue,
    queued,
    clock,
    broken,
    /** Adds dead letters behind the others. */
    add(count: number, isRedriven = false, body = isRedriven ? 'marked' : 'new') {
      for (let index = 0; index < count; index++) addLetter(`${body}-${index}`, `group-${index}`, isRedriven)
    },
    /** Adds dead letters with the same body behind the others. */
    addBody(body: string, count: number) {
      for (let index = 0; index < count; index++) addLetter(body, undefined, false)
    },
    counts: () => ({ letters: letters.size, visible: countVisible(), queued: queued.length }),
    maxInFlightRequests: () => maxInFlightRequests,
  }
}
