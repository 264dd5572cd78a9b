import type { ApiWarnedPort } from '../api-types.ts'

/** Ports of one type that follow each other, with the same times. */
export type PortGroup = ApiWarnedPort & { /** The last port of the group. */ readonly lastPort: number }

/** Groups ports of a media server whose numbers follow each other: a range of media ports fails as a whole. */
export function groupPorts(ports: readonly ApiWarnedPort[]): PortGroup[] {
  const sorted = ports.toSorted((one, other) => one.type.localeCompare(other.type) || one.port - other.port)
  const groups: PortGroup[] = []
  for (const port of sorted) {
    const last = groups.at(-1)
    if (last !== undefined && continues(last, port)) groups[groups.length - 1] = { ...last, lastPort: port.port }
    else groups.push({ ...port, lastPort: port.port })
  }
  return groups
}

function continues(group: PortGroup, port: ApiWarnedPort): boolean {
  return (
    group.type === port.type &&
    group.lastPort + 1 === port.port &&
    group.first_seen_at === port.first_seen_at &&
    group.last_seen_at === port.last_seen_at
  )
}
