import { describe, expect, it } from 'vitest'
import { CliError } from '../../../../cli/cli-error.ts'
import { type Finding, findingsOf } from '../../../../cli/doctor/finding.ts'
import { UnreachableError } from '../../../../cli/doctor/http.ts'
import { type Check, runChecks } from '../../../../cli/doctor/run-checks.ts'

const running = new AbortController().signal
const fine: Finding = findingsOf('fine').ok({ en: 'fine', zh: '正常' })
const fineCheck: Check = { name: 'fine', run: async () => [fine] }
const failing = (name: string, error: Error): Check => ({ name, run: () => Promise.reject(error) })

describe('runChecks', () => {
  it('turns a failed check into a finding that hides no other', async () => {
    const denied = Object.assign(
      new Error(
        'User: arn:aws:iam::1:user/u is not authorized to perform: sns:ListSubscriptionsByTopic on resource: x',
      ),
      { name: 'AuthorizationErrorException' },
    )
    const checks = [
      failing('denied', denied),
      failing('broken', new Error('no such table\nand a second line')),
      failing('stated', new CliError({ en: 'no response', zh: '没有响应' })),
      fineCheck,
    ]
    const findings = await runChecks(checks, { signal: running })
    expect(findings.map(({ check, status, text }) => [check, status, text.en])).toEqual([
      ['denied', 'unknown', 'not checked: your credentials lack the permission sns:ListSubscriptionsByTopic'],
      ['broken', 'unknown', 'not checked: no such table'],
      ['stated', 'unknown', 'not checked: no response'],
      ['fine', 'ok', 'fine'],
    ])
    expect(findings[0]?.page).toBe('docs/cli.md#doctor')
  })

  it('gives each check a limited time, and makes all at once', async () => {
    let aborted = 0
    const hanging: Check = {
      name: 'hanging',
      run: (signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => aborted++)
        }),
    }
    const findings = await runChecks([hanging, hanging, fineCheck], { signal: running, timeoutMs: 50 })
    expect(findings.map(({ status }) => status)).toEqual(['unknown', 'unknown', 'ok'])
    expect(aborted).toBe(2)
  })

  it('returns what was found so far when the command is stopped', async () => {
    const stop = new AbortController()
    const hanging: Check = { name: 'hanging', run: () => new Promise(() => undefined) }
    const onProgress = (done: number) => void (done === 1 && stop.abort())
    expect(await runChecks([hanging, fineCheck], { signal: stop.signal, onProgress })).toEqual([fine])
  })

  it('sees an address without a response as a problem only if the check is about it', async () => {
    const error = new UnreachableError({ en: 'no response from x', zh: 'x 没有响应' })
    const check = failing('address', error)
    const findings = await runChecks([check, { ...check, needsResponse: true }], { signal: running })
    expect(findings.map(({ status }) => status)).toEqual(['unknown', 'problem'])
  })
})
