import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAssemblyFolder, removeAbandonedAssemblies } from '../../../local/assembly-folder.ts'

/** The id of a process that has ended. */
const { pid: deadProcess } = spawnSync(process.execPath, ['--version'])

describe('removing abandoned assemblies', () => {
  let temporary: string

  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'northbound-temporary-'))
    vi.stubEnv('TMPDIR', temporary)
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(temporary, { recursive: true })
  })

  /** Creates a folder with one file. */
  function createFolder(name: string): string {
    const folder = join(temporary, name)
    mkdirSync(folder)
    writeFileSync(join(folder, 'template.json'), '{}')
    return folder
  }

  it('removes the folder of a process that has ended', async () => {
    const folder = createFolder(`northbound-assembly-${deadProcess}-abc-XYZ123`)
    await removeAbandonedAssemblies()
    expect(existsSync(folder)).toBe(false)
  })

  it('removes the folder of an earlier process with the id of this one', async () => {
    const folder = createFolder(`northbound-assembly-${process.pid}-abc-XYZ123`)
    await removeAbandonedAssemblies()
    expect(existsSync(folder)).toBe(false)
  })

  it.each([
    ['of another running process', `northbound-assembly-${process.ppid}-abc-XYZ123`],
    ['without a process id', 'northbound-assembly-XYZ123'],
    ['of another program', `other-assembly-${deadProcess}-abc-XYZ123`],
  ])('keeps a folder %s', async (_, name) => {
    const folder = createFolder(name)
    await removeAbandonedAssemblies()
    expect(existsSync(folder)).toBe(true)
  })

  it('keeps a folder that this process has created', async () => {
    const folder = await createAssemblyFolder()
    expect(dirname(folder)).toBe(temporary)
    expect(basename(folder)).toContain(`-${process.pid}-`)
    await removeAbandonedAssemblies()
    expect(existsSync(folder)).toBe(true)
  })
})
