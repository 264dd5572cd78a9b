import { api } from './api.ts'
import { h } from './dom.ts'
import { parseOwner } from './router.ts'

/** Saves the attendance of the room or user at this address as a CSV file. */
export async function downloadAttendance(hash: string): Promise<void> {
  const owner = parseOwner(hash)
  if (owner === undefined) return
  const url = URL.createObjectURL(await api.readCsv(owner))
  const id = 'room' in owner ? owner.room : owner.user
  h('a', { href: url, download: `attendance-${id.replace(/[^\p{L}\p{N}._-]/gu, '_')}.csv` }).click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
