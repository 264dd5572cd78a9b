import { api } from '../api.ts'

export type Owner = { readonly room: string } | { readonly user: string }

/** Saves the sessions of a room or a user as a CSV file. @throws ApiError */
export async function downloadAttendance(owner: Owner): Promise<void> {
  const id = 'room' in owner ? owner.room : owner.user
  saveFile(await api.readCsv(owner), `attendance-${id.replace(/[^\p{L}\p{N}._-]/gu, '_')}.csv`)
}

function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
