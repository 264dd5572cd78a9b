import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// A folder's name has its owner's process id. Where ids are reused, as in a container that was restarted, the time at which
// this process started tells its own folders from those of an earlier process with the same id.
const prefix = 'northbound-assembly-'
const ownPrefix = `${prefix}${process.pid}-${Math.round(performance.timeOrigin).toString(36)}-`

/** Creates an empty temporary folder for a cloud assembly. */
export function createAssemblyFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), ownPrefix))
}

/** Removes the folders of processes that ended without removing them. */
export async function removeAbandonedAssemblies(): Promise<void> {
  const abandoned = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix) && !isOwned(name))
  // A folder of another user cannot be removed, and is no reason to stop.
  await Promise.all(
    abandoned.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)),
  )
}

function isOwned(name: string): boolean {
  const owner = Number(/^(\d+)-/.exec(name.slice(prefix.length))?.[1])
  // The name has another format.
  if (Number.isNaN(owner)) return true
  return owner === process.pid ? name.startsWith(ownPrefix) : isAlive(owner)
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0)
  } catch (error) {
    // EPERM: it runs as another user.
    return error instanceof Error && 'code' in error && error.code !== 'ESRCH'
  }
}
