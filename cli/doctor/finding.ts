import type { Text } from '../language.ts'

/** `remark`: it works, but is worth knowing. `unknown`: it could not be checked. */
export type FindingStatus = 'ok' | 'remark' | 'problem' | 'unknown'

/** What a check has found, in one sentence. */
export interface Finding {
  /** What was checked, in snake case. */
  readonly check: string
  readonly status: FindingStatus
  readonly text: Text
  /** What to do next. */
  readonly next?: Text
  /** The page of the documentation and its heading. */
  readonly page?: string
}

export type Advice = Pick<Finding, 'next' | 'page'>

/** A check that cannot be made with the options that were given. */
export interface LeftOut {
  readonly check: string
  readonly reason: Text
}

/** Creates the findings of one check. */
export function findingsOf(check: string) {
  return {
    ok: (text: Text): Finding => ({ check, status: 'ok', text }),
    remark: (text: Text, advice: Advice = {}): Finding => ({ check, status: 'remark', text, ...advice }),
    problem: (text: Text, advice: Advice): Finding => ({ check, status: 'problem', text, ...advice }),
    unknown: (text: Text, advice: Advice = {}): Finding => ({ check, status: 'unknown', text, ...advice }),
  }
}

/** Only what was checked and is in order is healthy. */
export function areHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status === 'ok' || status === 'remark')
}
