import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { type LocalOptions, type LocalRun, startLocal } from '../../../../local/run.ts'
import { type FixtureStack, writeAssembly } from './fixture-stack.ts'

export interface FixtureRun extends LocalRun {
  /** The lines that the runner printed. */
  readonly lines: string[]
}

/** Runs a fixture's template until the test ends. */
export async function runFixture(stack: FixtureStack, options: LocalOptions = {}): Promise<FixtureRun> {
  const { directory, remove } = await writeAssembly(stack)
  onTestFinished(remove)
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const run = await startLocal({ port: 0, assembly: directory, checkCodeKey: 'secret', log, ...options })
  onTestFinished(async () => void (await run.stop()))
  return { ...run, lines }
}

/** Calls a service as the administrator. */
export async function callAws(
  run: LocalRun,
  service: string,
  target: string,
  input: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const scope = `admin/20250101/${run.region}/${service}/aws4_request`
  const answer = await fetch(run.awsEndpointUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20250101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  })
  return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) }
}
