import type { AwsCall } from './aws-call.ts'

/** A failure that replaces the response of a service. */
export interface Fault {
  readonly service: string
  /** Default: all actions of the service. */
  readonly action?: string
  /** A function's construct path, last path segment or name; an access key id for other callers. Default: all. */
  readonly principal?: string
  /** Default 500. */
  readonly status?: number
  /** The error code. Default: one that matches the status. */
  readonly code?: string
  /** The call never gets a response. */
  readonly hang?: boolean
}

/** The faults that are currently injected. */
export class Faults {
  readonly #active = new Set<Fault>()

  /** @returns a function that removes the fault. */
  inject(fault: Fault): () => void {
    // A copy, so that injecting the same object twice adds two faults.
    const injected = { ...fault }
    this.#active.add(injected)
    return () => {
      this.#active.delete(injected)
    }
  }

  find(call: AwsCall, principalNames: readonly string[]): Fault | undefined {
    return this.#active
      .values()
      .find(
        ({ service, action, principal }) =>
          service === call.service &&
          (action === undefined || action === call.action) &&
          (principal === undefined || principalNames.includes(principal)),
      )
  }
}

export function errorCodeOf(fault: Fault): string {
  const status = fault.status ?? 500
  if (fault.code !== undefined) return fault.code
  if (status >= 500) return status === 503 ? 'ServiceUnavailable' : 'InternalServerError'
  return 'ThrottlingException'
}
