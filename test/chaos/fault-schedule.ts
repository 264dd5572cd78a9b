import type { ListBehaviour, SeededRandom, SimulatedAvd } from '@northbound/avd-simulator'
import type { Fault } from '@northbound/template-runner'
import type { LocalRun } from '../../local/run.ts'

/** What faults disturb. */
export interface FaultTarget {
  readonly run: LocalRun
  /** The platform that sweeps ask. */
  readonly avd: SimulatedAvd
}

/** A fault that is in force for some time. */
export interface ScheduledFault {
  readonly name: string
  /** ms from the beginning of the run. */
  readonly startMs: number
  readonly durationMs: number
  /** Begins the fault. @returns a function that ends it. */
  readonly begin: (target: FaultTarget) => () => void
}

type FaultKind = { readonly name: string; readonly begin: (random: SeededRandom) => ScheduledFault['begin'] }

/** The functions whose calls fail. The calls of the run itself and of its subscribers do not. */
const principals = ['ReceiveCallback', 'ApplyEvents', 'ReconcileRooms'] as const

/** A fault of the functions' calls, of which the share is drawn from the seed. */
function callFault(name: string, minShare: number, fault: Fault): FaultKind {
  return {
    name,
    begin: (random) => {
      const share = minShare + random.next() * (1 - minShare)
      return ({ run }) =>
        endAll(principals.map((principal) => run.inject({ ...fault, principal, share, random: () => random.next() })))
    },
  }
}

function endAll(ends: readonly (() => void)[]): () => void {
  return () => {
    for (const end of ends) end()
  }
}

/** Kills a function one to three times, each time at a call that is drawn from the seed. */
function kill(name: string, service: string, principal: string, maxCalls = 60): FaultKind {
  return {
    name,
    begin: (random) => {
      const times = Array.from({ length: random.nextInteger(1, 3) }, () => {
        return { afterCalls: random.nextInteger(0, maxCalls), isLate: random.nextBoolean(0.5) }
      })
      return ({ run }) =>
        endAll(times.map((at) => run.inject({ service, principal, effect: 'kill', maxFailures: 1, ...at })))
    },
  }
}

/** Lets a function stand still in the middle of its work, at a call that is drawn from the seed. */
function freeze(name: string, principal: string, maxDelayMs: number, maxCalls = 60): FaultKind {
  return {
    name,
    begin: (random) => {
      const delayMs = random.nextInteger(200, maxDelayMs)
      const at = { afterCalls: random.nextInteger(0, maxCalls), isLate: random.nextBoolean(0.5) }
      return ({ run }) => run.inject({ principal, effect: 'freeze', delayMs, maxFailures: 3, ...at })
    },
  }
}

function recycle(principal: string, extra?: Fault): FaultKind {
  return {
    name: `${principal} starts cold${extra === undefined ? '' : ' while its secret cannot be read'}`,
    begin:
      () =>
      ({ run }) => {
        const end = extra === undefined ? () => undefined : run.inject(extra)
        void run.recycle(principal)
        return end
      },
  }
}

function wrongClock(principal: string): FaultKind {
  return {
    name: `the clock of ${principal} jumps`,
    begin: (random) => {
      const ms = random.nextInteger(-120_000, 120_000)
      return ({ run }) => {
        run.shiftClock(principal, ms)
        return () => run.shiftClock(principal, 0)
      }
    },
  }
}

/** The room list of the platform responds in another way. */
function platformFault(name: string, behaviour: ListBehaviour): FaultKind {
  return {
    name,
    begin:
      () =>
      ({ avd }) => {
        avd.setListBehaviour(behaviour)
        return () => avd.setListBehaviour('ok')
      },
  }
}

/** A sweep makes fewer calls than a batch of events. */
const maxSweepCalls = 8

const throttled = { status: 400, code: 'ProvisionedThroughputExceededException' } as const

/** What can go wrong. The names are those of the report. */
const kinds: readonly FaultKind[] = [
  callFault('DynamoDB throttles', 0.2, { service: 'dynamodb', ...throttled }),
  callFault('DynamoDB fails', 0.2, { service: 'dynamodb' }),
  callFault('DynamoDB writes, but its response is lost', 0.1, { service: 'dynamodb', isLate: true }),
  callFault('DynamoDB closes connections', 0.1, { service: 'dynamodb', effect: 'reset' }),
  callFault('DynamoDB writes, and closes the connection', 0.1, { service: 'dynamodb', effect: 'reset', isLate: true }),
  callFault('DynamoDB is slow', 0.3, { service: 'dynamodb', effect: 'delay', delayMs: 400 }),
  callFault('DynamoDB does not respond', 0.02, { service: 'dynamodb', effect: 'hang' }),
  callFault('DynamoDB leaves keys unprocessed', 0.3, {
    service: 'dynamodb',
    action: 'BatchGetItem',
    effect: 'partial',
  }),
  callFault('the queue fails', 0.3, { service: 'sqs' }),
  callFault('the queue is down', 1, { service: 'sqs', action: 'SendMessage' }),
  callFault('the queue accepts, but its response is lost', 0.3, {
    service: 'sqs',
    action: 'SendMessage',
    isLate: true,
  }),
  callFault('the queue closes connections', 0.3, { service: 'sqs', action: 'SendMessage', effect: 'reset' }),
  callFault('delays of messages are set in part', 0.5, {
    service: 'sqs',
    action: 'ChangeMessageVisibilityBatch',
    effect: 'partial',
  }),
  callFault('SNS is down', 1, { service: 'sns' }),
  callFault('SNS publishes in part', 0.5, { service: 'sns', action: 'PublishBatch', effect: 'partial' }),
  callFault('SNS publishes, but its response is lost', 0.3, { service: 'sns', isLate: true }),
  callFault('Secrets Manager is down', 1, { service: 'secretsmanager' }),
  recycle('ReceiveCallback'),
  recycle('ReceiveCallback', { service: 'secretsmanager', principal: 'ReceiveCallback' }),
  recycle('ApplyEvents'),
  kill('apply-events is killed at a call of DynamoDB', 'dynamodb', 'ApplyEvents'),
  kill('apply-events is killed at a call of SNS', 'sns', 'ApplyEvents'),
  kill('receive-callback is killed', 'sqs', 'ReceiveCallback'),
  freeze('apply-events stands still', 'ApplyEvents', 4000),
  freeze('receive-callback stands still', 'ReceiveCallback', 2000),
  wrongClock('ReceiveCallback'),
  wrongClock('ApplyEvents'),
  recycle('ReconcileRooms'),
  kill('reconcile-rooms is killed at a call of DynamoDB', 'dynamodb', 'ReconcileRooms', maxSweepCalls),
  kill('reconcile-rooms is killed at a call of the queue', 'sqs', 'ReconcileRooms', 1),
  freeze('reconcile-rooms stands still', 'ReconcileRooms', 4000, maxSweepCalls),
  wrongClock('ReconcileRooms'),
  platformFault('the platform fails', { status: 500 }),
  platformFault('the platform does not respond', 'timeout'),
  platformFault('the platform lists nothing', 'empty'),
  platformFault('the list of the platform is cut off', 'half'),
  platformFault('the list of the platform is old', { lagMs: 5000 }),
  {
    name: 'the queue repeats, delays and reorders',
    begin:
      (random) =>
      ({ run }) =>
        run.injectDelivery({ repeatShare: 0.2, delayShare: 0.2, maxDelaySeconds: 3, random: () => random.next() }),
  },
]

const minuteMs = 60_000

/** Plans faults of 1 to 5 s, up to three at once, from the seed. Every other minute is calm, so that the system recovers in between. */
export function planFaults(random: SeededRandom, durationMs: number): ScheduledFault[] {
  const planned: ScheduledFault[] = []
  for (let startMs = 1000; startMs < durationMs; startMs += random.nextInteger(500, 2500)) {
    const kind = random.pick(kinds)
    const isCalm = Math.floor(startMs / minuteMs) % 2 === 1
    if (kind === undefined || isCalm) continue
    const lastMs = Math.min(random.nextInteger(1000, 5000), durationMs - startMs)
    planned.push({ name: kind.name, startMs, durationMs: lastMs, begin: kind.begin(random) })
  }
  return planned
}
