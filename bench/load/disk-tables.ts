import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type DiskTables = {
  /** A DynamoDB endpoint. */
  readonly url: string
  stop(): Promise<void>
}

/** Starts a DynamoDB in its own process, with its tables on the disk, so that stored events need no memory of the system. */
export async function startDiskTables(): Promise<DiskTables> {
  const directory = await mkdtemp(join(tmpdir(), 'northbound-load-'))
  const child = fork(fileURLToPath(new URL('disk-tables-child.ts', import.meta.url)), [directory])
  const exited = once(child, 'exit')
  const [url] = (await once(child, 'message')) as [string]
  return {
    url,
    async stop() {
      child.disconnect()
      await exited
      await rm(directory, { recursive: true })
    },
  }
}
