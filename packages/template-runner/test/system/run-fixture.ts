import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { type RunnerOptions, runTemplate, type TemplateRun } from '../../src/index.ts'
import { type FixtureStack, writeAssembly } from './fixture-stack.ts'

export interface FixtureRun extends TemplateRun {
  /** The lines that the runner printed. */
  readonly lines: string[]
}

/** Runs the fixture's template until the test ends. */
export async function runFixture(stack: FixtureStack, options: Partial<RunnerOptions> = {}): Promise<FixtureRun> {
  const { directory, remove } = await writeAssembly(stack)
  onTestFinished(remove)
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const run = await runTemplate({ port: 0, assembly: directory, log, ...options })
  onTestFinished(async () => void (await run.stop()))
  return { ...run, lines }
}

/** Calls an emulated service as the account's administrator. */
export async function callAws(
  run: Pick<TemplateRun, 'awsEndpointUrl' | 'region'>,
  service: string,
  target: string,
  input: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const scope = `admin/20250101/${run.region}/${service}/aws4_request`
  const response = await fetch(run.awsEndpointUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20250101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  })
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) }
}
