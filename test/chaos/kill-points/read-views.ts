import { expect } from 'vitest'
import type { System } from '../../support/system.ts'

/** Reads what the query API answers to the paths, with the same name in place of that of the attempt. */
export async function readViews(system: System, name: string, paths: readonly string[]): Promise<string> {
  const bodies: unknown[] = []
  for (const path of paths) {
    const { status, body } = await system.query(path)
    expect(status, path).toBe(200)
    bodies.push(body)
  }
  return JSON.stringify(bodies, null, 1).replaceAll(name, 'NAME')
}
