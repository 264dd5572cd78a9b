import type { Text } from '../language.ts'

/**
 * `remark`: it works, but is worth knowing. `unknown`: it could not be checked. `left_out`: the options that were given do not suffice
 * to check it.
 */
export type FindingStatus = 'ok' | 'remark' | 'problem' | 'unknown' | 'left_out'

/** What a check has found, in one sentence. */
export interface Finding {
  /** What was checked, in snake case. */
  readonly check: string
  readonly status: FindingStatus
  readonly text: Text
  /** What to do next. */
  readonly next?: Text
  /** The English page of the documentation and its heading. */
  readonly page?: string
}

export type Advice = Pick<Finding, 'next' | 'page'>

/** Creates the findings of one check. */
export function findingsOf(check: string) {
  return {
    ok: (text: Text): Finding => ({ check, status: 'ok', text }),
    remark: (text: Text, advice: Advice = {}): Finding => ({ check, status: 'remark', text, ...advice }),
    problem: (text: Text, advice: Advice): Finding => ({ check, status: 'problem', text, ...advice }),
    unknown: (text: Text, advice: Advice = {}): Finding => ({ check, status: 'unknown', text, ...advice }),
    leftOut: (reason: Text): Finding => ({ check, status: 'left_out', text: reason }),
  }
}

/** What could not be checked does not count as healthy, but what was left out does not count at all. */
export function areHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status !== 'problem' && status !== 'unknown')
}
