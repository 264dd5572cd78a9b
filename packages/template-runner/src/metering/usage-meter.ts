import type { AwsCall, AwsService } from '../endpoint/aws-call.ts'

/** The requests and units that AWS would bill. */
export interface AwsUsage {
  /** By `service:Action`, like `dynamodb:PutItem`; failed requests included, throttled ones not. */
  readonly requests: ReadonlyMap<string, number>
  readonly throttledRequests: number
  /** DynamoDB write units, indexes included. */
  readonly writeUnits: number
  /** DynamoDB read units. */
  readonly readUnits: number
}

/** Adds up usage until it is taken. */
export class UsageMeter {
  #requests = new Map<string, number>()
  #throttledRequests = 0
  #writeUnits = 0
  #readUnits = 0

  countRequest({ service, action }: AwsCall): void {
    const operation = `${service}:${action}`
    this.#requests.set(operation, (this.#requests.get(operation) ?? 0) + 1)
  }

  countThrottledRequest(): void {
    this.#throttledRequests++
  }

  addWriteUnits(units: number): void {
    this.#writeUnits += units
  }

  addReadUnits(units: number): void {
    this.#readUnits += units
  }

  /** Returns the usage since the last call, and resets it. */
  take(): AwsUsage {
    const usage = {
      requests: this.#requests,
      throttledRequests: this.#throttledRequests,
      writeUnits: this.#writeUnits,
      readUnits: this.#readUnits,
    }
    this.#requests = new Map()
    this.#throttledRequests = 0
    this.#writeUnits = 0
    this.#readUnits = 0
    return usage
  }
}

/** Counts the requests of a service that is billed by requests alone. */
export function countRequests(service: AwsService, meter: UsageMeter): AwsService {
  return {
    permissions: (call) => service.permissions(call),
    handle(call) {
      meter.countRequest(call)
      return service.handle(call)
    },
  }
}
