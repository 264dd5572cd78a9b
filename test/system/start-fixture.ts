import { onTestFinished } from 'vitest'
import { type LocalOptions, type LocalRun, startLocal } from '../../local/run.ts'
import { type FixtureStack, writeAssembly } from '../../packages/template-runner/test/system/fixture-stack.ts'

export interface LocalFixtureRun extends LocalRun {
  /** The lines that the runner printed. */
  readonly lines: string[]
}

/** Starts the product's local run with a fixture's template instead of the synthesized one, until the test ends. */
export async function startLocalFixture(stack: FixtureStack, options: LocalOptions = {}): Promise<LocalFixtureRun> {
  const { directory, remove } = await writeAssembly(stack)
  onTestFinished(remove)
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const run = await startLocal({ port: 0, assembly: directory, checkCodeKey: 'secret', log, ...options })
  onTestFinished(async () => void (await run.stop()))
  return { ...run, lines }
}
