import type { Cause, Variant } from './causes.ts'
import { charsetVariants } from './charsets.ts'
import type { ClaimedCode } from './claimed-code.ts'
import { type Digest, digestVariants, hmacSha256 } from './digests.ts'
import { documentedFormat, type Format, formatParameters, formatsByDeviations } from './formats.ts'
import { type HmacKey, listKeyVariants } from './key-variants.ts'
import { listMisnamed, listParameterFaults, listTwoUnsigned } from './parameter-faults.ts'
import type { SignedParameters } from './request-variants.ts'
import { listValueEdits } from './value-edits.ts'

export type Diagnosis = {
  /** Together they explain the code. Empty if nothing that was tried does. */
  readonly causes: readonly Cause[]
  /** The text that the platform signed, if it is known. */
  readonly signed: string | undefined
  readonly triedCount: number
  /** Whether everything was tried: a long request has more possibilities than there is time for. */
  readonly isComplete: boolean
}

export interface DiagnosisInput {
  /** The readings of the request; the first one is the usual one. */
  readonly candidates: readonly SignedParameters[]
  /** The readings of the request as it may have been before it was spoiled as a whole. */
  readonly repaired: readonly SignedParameters[]
  readonly code: ClaimedCode
  readonly keys: readonly string[]
  /** The keys as they were given, each with the text that it comes from. */
  readonly wholeSecrets: readonly string[]
}

/**
 * Work for one request, about a second: bytes that are signed. An HMAC takes as long as a thousand bytes, and sorting a parameter
 * as long as two hundred.
 */
const maxWork = 300_000_000
const workPerTrial = 1_000
const workPerParameter = 200

/**
 * Finds out why a check code does not hold, by trying what may have gone wrong, simple explanations first. What it finds is proven: the
 * code was computed in this way.
 */
export function diagnose(input: DiagnosisInput): Diagnosis {
  const search = new Search(input)
  const isFound = search.run()
  const { triedCount, isExhausted, causes, signed } = search
  return {
    causes: isFound ? causes : [],
    signed: isFound ? signed : undefined,
    triedCount,
    isComplete: isFound || !isExhausted,
  }
}

type Parameters = SignedParameters['parameters']
/** A deviation may be none, with the value of the protocol. */
type Choice = {
  readonly parameters?: Variant<Parameters>
  readonly format?: Variant<Format>
  readonly charset?: (typeof charsetVariants)[number]
  readonly key?: Variant<HmacKey>
  readonly digest?: Variant<Digest>
}

type Stage = (parameters: Parameters) => Iterable<Choice>

const [, one = [], two = [], three = []] = formatsByDeviations

class Search {
  readonly #input: DiagnosisInput
  readonly #keyVariants: readonly Variant<HmacKey>[]
  #work = 0
  triedCount = 0
  causes: readonly Cause[] = []
  signed: string | undefined

  constructor(input: DiagnosisInput) {
    this.#input = input
    this.#keyVariants = input.keys.flatMap((key, index) => [...listKeyVariants(key, input.wholeSecrets[index] ?? key)])
  }

  get isExhausted(): boolean {
    return this.#work >= maxWork
  }

  /** @returns whether an explanation was found. */
  run(): boolean {
    const { candidates, repaired } = this.#input
    return (
      this.#runStages(this.#listSingleStages(), candidates) ||
      this.#runStages([() => [{}], () => this.#keyVariants.map((key) => ({ key }))], repaired) ||
      this.#runStages(this.#listCombinedStages(), candidates.slice(0, 1))
    )
  }

  /** Tries each stage with all candidates before the next stage. */
  #runStages(stages: readonly Stage[], candidates: readonly SignedParameters[]): boolean {
    for (const stage of stages)
      for (const candidate of candidates)
        for (const choice of stage(candidate.parameters)) {
          if (this.isExhausted) return false
          if (this.#try(candidate, choice)) return true
        }
    return false
  }

  #listSingleStages(): Stage[] {
    return [
      () => [{}],
      () => this.#keyVariants.map((key) => ({ key })),
      (parameters) => listMisnamed(parameters).map((fault) => ({ parameters: fault })),
      () => one.map((format) => ({ format })),
      (parameters) => listParameterFaults(parameters).map((fault) => ({ parameters: fault })),
      () => charsetVariants.map((charset) => ({ charset })),
      () => digestVariants.map((digest) => ({ digest })),
    ]
  }

  #listCombinedStages(): Stage[] {
    const keys = this.#keyVariants
    return [
      (parameters) => listTwoUnsigned(parameters).map((fault) => ({ parameters: fault })),
      (parameters) => listValueEdits(parameters).map((edit) => ({ parameters: edit })),
      () => two.map((format) => ({ format })),
      () => combine(one, keys, (format, key) => ({ format, key })),
      () => combine(one, charsetVariants, (format, charset) => ({ format, charset })),
      () => combine(keys, charsetVariants, (key, charset) => ({ key, charset })),
      () => combine(digestVariants, keys, (digest, key) => ({ digest, key })),
      () => combine(digestVariants, [...one, ...two], (digest, format) => ({ digest, format })),
      (parameters) => combine(listParameterFaults(parameters), keys, (fault, key) => ({ parameters: fault, key })),
      (parameters) => combine(listParameterFaults(parameters), one, (fault, format) => ({ parameters: fault, format })),
      () => three.map((format) => ({ format })),
    ]
  }

  #try(candidate: SignedParameters, choice: Choice): boolean {
    const parameters = choice.parameters?.value ?? candidate.parameters
    const text = formatParameters(parameters, choice.format?.value ?? documentedFormat)
    const bytes = (choice.charset?.value ?? candidate.encode)(text)
    if (bytes === undefined) return false
    const keys = choice.key === undefined ? this.#input.keys : [choice.key.value]
    for (const key of keys) {
      this.triedCount += 1
      this.#work += bytes.length + workPerTrial + parameters.length * workPerParameter
      const codeCauses = this.#input.code.match((choice.digest?.value ?? hmacSha256)(bytes, key))
      if (codeCauses === undefined) continue
      const variants = [choice.parameters, choice.format, choice.charset, choice.key, choice.digest]
      this.causes = [...candidate.causes, ...variants.flatMap((variant) => variant?.causes ?? []), ...codeCauses]
      this.signed = text
      return true
    }
    return false
  }
}

function* combine<First, Second>(
  first: Iterable<First>,
  second: readonly Second[],
  join: (first: First, second: Second) => Choice,
): Generator<Choice> {
  for (const one of first) for (const other of second) yield join(one, other)
}
