import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { type LocalRun, startLocal } from '../../local/run.ts'
import { clientSettings } from '../recovery/client-settings.ts'
import { median } from '../statistics.ts'
import { startDiskTables } from './disk-tables.ts'
import { startSender } from './sender.ts'

export type MemoryOutcome = {
  /** Genuine callbacks that were acknowledged, and items of the event log. */
  readonly acknowledged: number
  readonly logged: number
  /** Resident MiB of the process of the system after each section. */
  readonly sections: readonly number[]
}

const key = 'bench-key'
/** 5,100 of the 6,000 callbacks of a section are genuine. */
const section = { perSecond: 200, seconds: 30 }
const maxDrainMs = 600_000

/**
 * Sends callbacks in sections to the whole system, whose functions are threads of this process and whose tables are in another one, and
 * reads the memory of this process after each section, when nothing is left to do.
 *
 * @param assembly folder of the cloud assembly.
 */
export async function measureMemory(assembly: string, sections: number): Promise<MemoryOutcome> {
  const tables = await startDiskTables()
  const run = await startLocal({ port: 0, assembly, checkCodeKey: key, dynamodbUrl: tables.url, log: () => {} })
  const sender = startSender()
  const memory: number[] = []
  let acknowledged = 0
  try {
    for (let index = 0; index < sections; index++) {
      const answered = await sender.send({ url: run.callbackUrl, key, name: `section-${index}`, ...section })
      acknowledged += answered.filter(({ kind, status }) => kind === 'genuine' && status === 200).length
      await run.idle(maxDrainMs)
      memory.push(Math.round(process.memoryUsage.rss() / 2 ** 20))
    }
    return { acknowledged, logged: await countLogged(run), sections: memory }
  } finally {
    sender.stop()
    await run.stop()
    await tables.stop()
  }
}

/** How much more memory the last quarter of the sections needs than the second one, as a ratio. The first quarter warms up. */
export function memoryGrowth(sections: readonly number[]): number {
  const quarter = Math.max(1, Math.floor(sections.length / 4))
  return median(sections.slice(-quarter)) / median(sections.slice(quarter, 2 * quarter))
}

async function countLogged(run: LocalRun): Promise<number> {
  let count = 0
  const client = new DynamoDBClient(clientSettings(run))
  for await (const { Count = 0 } of paginateScan(
    { client },
    { TableName: run.outputs.EventLogTableName, Select: 'COUNT' },
  ))
    count += Count
  return count
}
