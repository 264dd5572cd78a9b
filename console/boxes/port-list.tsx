import type { ApiWarnedPort } from '../api-types.ts'
import { Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { translate } from '../words.ts'
import { groupPorts } from './group-ports.ts'

type PortListProps = {
  readonly ports: readonly ApiWarnedPort[]
  /** Whether each port has a time of its own. */
  readonly withTimes?: boolean
}

/** Ports of a media server, as ranges. */
export function PortList({ ports, withTimes = false }: PortListProps) {
  return (
    <ul class="plain">
      {groupPorts(ports).map(({ type, port, lastPort, last_seen_at }) => (
        <li key={`${type} ${port}`}>
          <WireText text={type} /> {port === lastPort ? port : `${port}–${lastPort}`}
          {withTimes && (
            <>
              {translate('comma')}
              {translate('lastSeen')} <Time iso={last_seen_at} />
            </>
          )}
        </li>
      ))}
    </ul>
  )
}
