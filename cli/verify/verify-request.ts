import { type CallbackRequest, type Parameter, UnreadableRequestError } from '../../core/protocol/callback-request.ts'
import {
  type Candidate,
  decodeCheckCode,
  findCheckCode,
  listCandidates,
  maxHmacs,
  signatureOf,
} from '../../core/protocol/check-code.ts'
import { type Callback, type ReadingName, readCallback } from '../../core/protocol/readings.ts'
import type { Text } from '../language.ts'
import { readClaimedCode } from './claimed-code.ts'
import { type Diagnosis, diagnose } from './diagnose.ts'
import { explainUnreadable } from './explain-unreadable.ts'
import { findRefusal } from './find-refusal.ts'
import { listRepaired, listSignedParameters, type RequestVariant } from './request-variants.ts'
import type { PastedRequest } from './split-url.ts'

export interface VerificationKeys {
  readonly keys: readonly string[]
  /** The text that each key comes from: the JSON of a secret, or the key itself. */
  readonly wholeSecrets: readonly string[]
}

/** `unreadable`: `reason` says why the receiver cannot read the request. */
export type Verification =
  | ({ readonly outcome: 'valid' } & ValidCheckCode)
  | { readonly outcome: 'wrong'; readonly canonical: string; readonly code: string; readonly diagnosis: Diagnosis }
  | { readonly outcome: 'missing'; readonly canonical: string; readonly names: readonly string[] }
  | { readonly outcome: 'unreadable'; readonly reason: Text }

export interface ValidCheckCode {
  readonly canonical: string
  readonly reading: ReadingName
  readonly encoding: CodeEncoding
  /** Index of the key that verified the code. */
  readonly keyIndex: number
  /** Names of parameters that the code does not cover. */
  readonly uncovered: readonly string[]
  /** Why the receiver refuses the callback although the code holds. */
  readonly refusal: Text | undefined
}

export type CodeEncoding = 'hex' | 'base64' | 'base64url' | 'base64_of_hex'

/** Verifies the `check_code` of a request as the receiver does, and finds out why it does not hold. */
export function verifyRequest(pasted: PastedRequest, given: VerificationKeys): Verification {
  const callback = tryRead(pasted.request)
  if (callback instanceof UnreadableRequestError)
    return { outcome: 'unreadable', reason: explainUnreadable(callback.fault) }
  const code = findCheckCode(callback)
  const candidates = [...listCandidates(callback)]
  const canonical = candidates[0]?.canonical ?? ''
  const repaired = [...listRepaired(pasted)]
  const foundCode = code || findCode(repaired)
  if (foundCode === '') return { outcome: 'missing', canonical, names: callback.first.signed.map(({ name }) => name) }
  const valid = findValid(candidates, code, given.keys)
  if (valid !== undefined) return { outcome: 'valid', ...valid }
  const diagnosis = diagnose({
    ...given,
    candidates: code === '' ? [] : listSignedParameters({ request: pasted.request, causes: [] }),
    repaired: repaired.flatMap(listSignedParameters),
    code: readClaimedCode(foundCode),
  })
  return { outcome: 'wrong', canonical, code: foundCode, diagnosis }
}

function tryRead(request: CallbackRequest): Callback | UnreadableRequestError {
  try {
    return readCallback(request)
  } catch (error) {
    if (error instanceof UnreadableRequestError) return error
    throw error
  }
}

/** The code of a request in which it is hidden by a fault. */
function findCode(repaired: readonly RequestVariant[]): string {
  const codes = repaired.map(({ request }) => {
    const callback = tryRead(request)
    return callback instanceof UnreadableRequestError ? '' : findCheckCode(callback)
  })
  return codes.find((code) => code !== '') ?? ''
}

/** The receiver has two keys at most. */
const maxReceiverKeys = 2

function findValid(
  candidates: readonly Candidate[],
  code: string,
  keys: readonly string[],
): ValidCheckCode | undefined {
  const claimed = decodeCheckCode(code)
  if (claimed === undefined) return undefined
  for (const candidate of candidates.slice(0, maxHmacs / Math.min(keys.length, maxReceiverKeys))) {
    const { canonical, reading, isCovered } = candidate
    const keyIndex = keys.findIndex((key) => signatureOf(canonical, key, reading.encoding).equals(claimed))
    if (keyIndex === -1) continue
    const isLeftOut = ({ name }: Parameter) => isCovered !== undefined && !isCovered(name)
    const stored = reading.readStored().filter((parameter) => !isLeftOut(parameter))
    return {
      canonical: reading.encoding === 'latin1' ? Buffer.from(canonical, 'latin1').toString() : canonical,
      reading: reading.name,
      encoding: describeEncoding(code),
      keyIndex,
      uncovered: reading.signed.filter(isLeftOut).map(({ name }) => name),
      refusal: findRefusal(stored),
    }
  }
  return undefined
}

function describeEncoding(code: string): CodeEncoding {
  const text = code.replace(/\s/g, '')
  if (/^[0-9a-f]{64}$/i.test(text)) return 'hex'
  if (text.length > 50) return 'base64_of_hex'
  return /[-_]|^[^+/=]+$/.test(text) ? 'base64url' : 'base64'
}
