import type { AwsCall } from './aws-call.ts'

/** A failure to be played instead of a service's answer. */
export interface Fault {
  readonly service: string
  /** All actions of the service where it is left out. */
  readonly action?: string
  /** Function by construct path, name or the last part of the path; an access key for others; all where left out. */
  readonly principal?: string
  /** Default 500. */
  readonly status?: number
  /** The error's name; a fitting one by default. */
  readonly code?: string
  /** Never answer. */
  readonly hang?: boolean
}

/** The faults in force. */
export class Faults {
  readonly #inForce = new Set<Fault>()

  /** @returns what ends the fault. */
  inject(fault: Fault): () => void {
    const own = { ...fault }
    this.#inForce.add(own)
    return () => {
      this.#inForce.delete(own)
    }
  }

  for(call: AwsCall, principalNames: readonly string[]): Fault | undefined {
    return this.#inForce
      .values()
      .find(
        ({ service, action, principal }) =>
          service === call.service &&
          (action === undefined || action === call.action) &&
          (principal === undefined || principalNames.includes(principal)),
      )
  }
}

export function codeOf(fault: Fault): string {
  const status = fault.status ?? 500
  if (fault.code !== undefined) return fault.code
  if (status >= 500) return status === 503 ? 'ServiceUnavailable' : 'InternalServerError'
  return 'ThrottlingException'
}
