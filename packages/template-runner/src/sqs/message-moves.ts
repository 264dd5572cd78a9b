import { z } from 'zod'
import type { AwsCall, AwsResponse } from '../endpoint/aws-call.ts'
import { awsError } from '../endpoint/aws-error.ts'
import type { DeadLetterSources } from './dead-letter-sources.ts'
import type { FauxqsStores } from './fauxqs-stores.ts'
import { MessageMove } from './message-move.ts'
import { createTaskHandle, parseTaskHandle } from './task-handle.ts'

const startSchema = z.object({
  SourceArn: z.string(),
  DestinationArn: z.string().optional(),
  MaxNumberOfMessagesPerSecond: z.number().int().min(1).max(500).optional(),
})
const listSchema = z.object({ SourceArn: z.string(), MaxResults: z.number().int().min(1).max(10).default(1) })
const cancelSchema = z.object({ TaskHandle: z.string() })
const redrivePolicySchema = z.object({ deadLetterTargetArn: z.string() })

/** A call that SQS rejects. */
class RejectedCall extends Error {
  readonly status: number
  readonly code: string

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** The actions of SQS that move the messages of dead-letter queues, which the emulator does not have. */
export class MessageMoves {
  readonly #queues: FauxqsStores['sqsStore']
  readonly #sources: DeadLetterSources
  /** The latest first. */
  #moves: readonly MessageMove[] = []

  constructor(queues: FauxqsStores['sqsStore'], sources: DeadLetterSources) {
    this.#queues = queues
    this.#sources = sources
  }

  /** Number of moves that are running. */
  get active(): number {
    return this.#moves.filter(({ status }) => status === 'RUNNING').length
  }

  /** Handles a call. @returns undefined if it is another action. */
  handle(call: AwsCall): AwsResponse | undefined {
    const action = this.#actions.get(call.action)
    if (action === undefined) return undefined
    try {
      const body = JSON.stringify(action(call.input))
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body }
    } catch (error) {
      if (!(error instanceof RejectedCall)) throw error
      return awsError(call, error.status, error.code, error.message)
    }
  }

  /** Cancels every move. */
  close(): void {
    for (const move of this.#moves) if (move.status === 'RUNNING') move.cancel()
  }

  readonly #actions: ReadonlyMap<string, (input: unknown) => object> = new Map([
    ['StartMessageMoveTask', (input) => this.#start(readInput(startSchema, input))],
    ['ListMessageMoveTasks', (input) => this.#list(readInput(listSchema, input))],
    ['CancelMessageMoveTask', (input) => this.#cancel(readInput(cancelSchema, input))],
  ])

  #start(request: z.output<typeof startSchema>): object {
    const source = this.#findQueue(request.SourceArn, 'SourceArn')
    if (request.DestinationArn !== undefined) this.#findQueue(request.DestinationArn, 'DestinationArn')
    if (source.isFifo())
      throw new RejectedCall('UnsupportedOperation', 'The local runner does not move messages of FIFO queues.')
    if (!this.#isDeadLetterQueue(source.arn))
      throw new RejectedCall(invalidValue, 'Source queue must be configured as a Dead Letter Queue.')
    if (this.#moves.some(({ status, request: { SourceArn } }) => status === 'RUNNING' && SourceArn === source.arn))
      throw new RejectedCall(
        invalidValue,
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      )
    const move = new MessageMove(request, source, this.#queues, this.#sources)
    this.#moves = [move, ...this.#moves]
    return { TaskHandle: createTaskHandle(move.id, source.arn) }
  }

  #list({ SourceArn, MaxResults }: z.output<typeof listSchema>): object {
    this.#findQueue(SourceArn, 'SourceArn')
    const moves = this.#moves.filter(({ request }) => request.SourceArn === SourceArn)
    return { Results: moves.slice(0, MaxResults).map(describeMove) }
  }

  #cancel({ TaskHandle }: z.output<typeof cancelSchema>): object {
    const handle = parseTaskHandle(TaskHandle)
    if (handle === undefined) throw new RejectedCall(invalidValue, 'Value for parameter TaskHandle is invalid.')
    this.#findQueue(handle.sourceArn, 'SourceArn')
    const move = this.#moves.find(({ id }) => id === handle.taskId)
    if (move === undefined) throw new RejectedCall(notFound, 'Task does not exist.', 404)
    if (move.status !== 'RUNNING') throw new RejectedCall('UnsupportedOperation', 'The task is not running.')
    move.cancel()
    return { ApproximateNumberOfMessagesMoved: move.movedMessages }
  }

  #findQueue(arn: string, parameter: string) {
    const queue = this.#queues.getQueueByArn(arn)
    if (queue !== undefined) return queue
    throw new RejectedCall(
      notFound,
      `The resource that you specified for the ${parameter} parameter doesn't exist.`,
      404,
    )
  }

  #isDeadLetterQueue(arn: string): boolean {
    return [...this.#queues.allQueues()].some(({ attributes: { RedrivePolicy } }) => {
      const policy = redrivePolicySchema.safeParse(JSON.parse(RedrivePolicy ?? 'null')).data
      return policy?.deadLetterTargetArn === arn
    })
  }
}

const invalidValue = 'InvalidParameterValue'
const notFound = 'ResourceNotFoundException'

function readInput<Input>(schema: z.ZodType<Input>, input: unknown): Input {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new RejectedCall(invalidValue, `Invalid parameters: ${z.prettifyError(parsed.error)}`)
}

/** Only a running move has a handle. */
function describeMove(move: MessageMove): object {
  const { id, request, status, movedMessages, messagesToMove, startedAtMs, failureReason } = move
  return {
    ...request,
    ...(status === 'RUNNING' && { TaskHandle: createTaskHandle(id, request.SourceArn) }),
    Status: status,
    ApproximateNumberOfMessagesMoved: movedMessages,
    ApproximateNumberOfMessagesToMove: messagesToMove,
    StartedTimestamp: startedAtMs,
    ...(failureReason !== undefined && { FailureReason: failureReason }),
  }
}
