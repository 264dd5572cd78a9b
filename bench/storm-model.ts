import TinyQueue from 'tinyqueue'

/** A storm of events, and what stands in its way. Times in ms. */
export type StormModel = {
  /** When each event arrives at the API, and whose projection it changes. */
  readonly arrivals: readonly { readonly at: number; readonly person: string }[]
  readonly receive: { readonly coldMs: number; readonly warmMs: number }
  readonly queue: {
    readonly batchSize: number
    readonly windowMs: number
    /** Batches at a time when the queue begins to fill, and how fast more are begun. */
    readonly firstConcurrency: number
    readonly moreConcurrencyPerSecond: number
    readonly maxConcurrency: number
  }
  readonly apply: {
    readonly requestMs: number
    /** CPU of our own for a request. */
    readonly ownMs: number
    /** People of a batch that are worked on at once. */
    readonly peopleAtOnce: number
  }
  readonly dynamodb: {
    /** Write units that one partition takes in a second. */
    readonly partitionUnitsPerSecond: number
    /** Partitions over which the room's timeline is spread. */
    readonly timelinePartitions: number
    /** Partitions over which the people of the room are spread. */
    readonly statePartitions: number
    /** Write units of a person's projection. */
    readonly viewUnits: number
  }
}

export type Moment = {
  readonly at: number
  /** Messages that wait in the queue. */
  readonly waiting: number
  /** Messages in batches that are being applied. */
  readonly inFlight: number
}

export type Storm = {
  readonly moments: readonly Moment[]
  /** Of each event, from the API to its state; in the order in which they were applied. */
  readonly delays: readonly { readonly at: number; readonly delay: number }[]
  readonly receiverConcurrency: number
  readonly batches: number
  /** Projections that another batch had written meanwhile, and that were folded again. */
  readonly conflicts: number
}

/** A message: when its event came to the API, and when it came to the queue. */
type Message = StormModel['arrivals'][number] & { readonly queuedAt: number }
type Happening = { readonly at: number; readonly happens: () => void }

/**
 * Plays the storm, event by event: receiver, queue, pollers, batches, and the partitions that all of it goes to.
 *
 * A hot partition is a queue of its own: it serves so many units a second, and whoever asks for more waits. That holds
 * for a client that waits instead of failing (`adapters/dynamodb/client.ts`).
 */
export function playStorm(model: StormModel): Storm {
  const { queue, apply, dynamodb } = model
  const agenda = new TinyQueue<Happening>([], (a, b) => a.at - b.at)
  const timeline = partition(dynamodb.partitionUnitsPerSecond * dynamodb.timelinePartitions)
  const state = partition(dynamodb.partitionUnitsPerSecond * dynamodb.statePartitions)
  const lastWrite = new Map<string, number>()
  const waiting: Message[] = []
  const moments: Moment[] = []
  const delays: { at: number; delay: number }[] = []
  const received = receive(model)
  let now = 0
  let beganAt: number | undefined
  let running = 0
  let inFlight = 0
  let batches = 0
  let conflicts = 0
  const later = (ms: number, happens: () => void) => agenda.push({ at: now + ms, happens })

  for (const message of received.messages) agenda.push({ at: message.queuedAt, happens: () => enqueue(message) })

  function enqueue(message: Message): void {
    waiting.push(message)
    beganAt ??= now
    if (waiting.length >= queue.batchSize) poll()
    else later(queue.windowMs, poll)
  }

  function mayRun(): number {
    const grown = queue.firstConcurrency + (queue.moreConcurrencyPerSecond * (now - (beganAt ?? now))) / 1000
    return Math.min(queue.maxConcurrency, Math.floor(grown))
  }

  /** A batch is taken when it is full, or when its oldest message has waited for the window. */
  function poll(): void {
    while (running < mayRun() && waiting.length > 0) {
      const full = waiting.length >= queue.batchSize
      if (!full && now - (waiting[0]?.queuedAt ?? now) < queue.windowMs) return
      const batch = waiting.splice(0, queue.batchSize)
      running++
      batches++
      inFlight += batch.length
      begin(batch)
    }
  }

  function begin(batch: readonly Message[]): void {
    const people = new Set(batch.map(({ person }) => person))
    const readAt = now + apply.requestMs
    const requests = batch.length + people.size
    const rounds = Math.ceil(people.size / apply.peopleAtOnce)
    // Waiting for answers and working on them overlap; whichever is more.
    const work = Math.max(rounds * 2 * apply.requestMs, requests * apply.ownMs)
    const throttled = Math.max(timeline.serve(now, batch.length), state.serve(now, people.size * dynamodb.viewUnits))
    later(Math.max(2 * apply.requestMs + work, throttled), () => write(batch, people, readAt))
  }

  /** Projections that another batch wrote since ours read them are read with their history and written again. */
  function write(batch: readonly Message[], people: ReadonlySet<string>, readAt: number): void {
    const lost = [...people].filter((person) => (lastWrite.get(person) ?? 0) > readAt)
    for (const person of people) lastWrite.set(person, now)
    conflicts += lost.length
    const rounds = Math.ceil(lost.length / apply.peopleAtOnce)
    const work = Math.max(rounds * 3 * apply.requestMs, 4 * lost.length * apply.ownMs)
    const throttled = lost.length === 0 ? 0 : state.serve(now, lost.length * dynamodb.viewUnits)
    later(Math.max(work, throttled), () => end(batch))
  }

  function end(batch: readonly Message[]): void {
    for (const { at } of batch) delays.push({ at: now, delay: now - at })
    running--
    inFlight -= batch.length
    poll()
  }

  for (let next = agenda.pop(); next !== undefined; next = agenda.pop()) {
    now = next.at
    next.happens()
    moments.push({ at: now, waiting: waiting.length, inFlight })
  }
  return { moments, delays, receiverConcurrency: received.environments, batches, conflicts }
}

/** Serves units in the order in which they are asked for, with a second's worth in hand at first. */
function partition(unitsPerSecond: number) {
  let freeAt = Number.NEGATIVE_INFINITY
  return {
    /** @returns ms until so many units are served. */
    serve(now: number, units: number): number {
      freeAt = Math.max(freeAt, now - 1000) + (units / unitsPerSecond) * 1000
      return Math.max(0, freeAt - now)
    },
  }
}

/** An execution environment takes one callback at a time; where all are busy, a new one starts cold. */
function receive({ arrivals, receive: { coldMs, warmMs } }: StormModel): { messages: Message[]; environments: number } {
  const busyUntil = new TinyQueue<number>([], (a, b) => a - b)
  let environments = 0
  const messages = arrivals
    .toSorted((a, b) => a.at - b.at)
    .map((arrival) => {
      const free = (busyUntil.peek() ?? Number.POSITIVE_INFINITY) <= arrival.at
      if (free) busyUntil.pop()
      else environments++
      const queuedAt = arrival.at + (free ? 0 : coldMs) + warmMs
      busyUntil.push(queuedAt)
      return { ...arrival, queuedAt }
    })
  return { messages, environments }
}
