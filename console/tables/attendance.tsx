import { useState } from 'preact/hooks'
import type { ApiSession } from '../api-types.ts'
import { EstimatedBadge, Word } from '../elements/badge.tsx'
import { RoomLink, UserLink } from '../elements/links.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Duration, Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { translate } from '../words.ts'
import { downloadAttendance, type Owner } from './download.ts'

const ofOneRoom: readonly Column<ApiSession>[] = [
  { title: 'name', cell: ({ user_name }) => (user_name === null ? '–' : <WireText text={user_name} />) },
  { title: 'userId', cell: ({ user_id }) => <UserLink id={user_id} /> },
  { title: 'joined', cell: ({ joined_at }) => <Time iso={joined_at} /> },
  { title: 'leftAt', cell: ({ left_at }) => <Time iso={left_at} /> },
  { title: 'duration', cell: ({ seconds }) => <Duration seconds={seconds} />, isNumber: true },
  { title: 'reason', cell: ({ leave_reason }) => <Word of="leave_reason" value={leave_reason} /> },
  { title: 'endpoint', cell: ({ endpoint_type }) => <Word of="endpoint_type" value={endpoint_type} /> },
  { title: 'reconnectCount', cell: ({ reconnects }) => reconnects, isNumber: true },
  {
    title: 'status',
    cell: ({ left_at, estimated }) => (
      <>
        <Word of="participant_status" value={left_at === null ? 'in_room' : 'left'} />{' '}
        <EstimatedBadge estimated={estimated} />
      </>
    ),
  },
]

const ofAllRooms: readonly Column<ApiSession>[] = [
  { title: 'roomName', cell: ({ room_id }) => <RoomLink id={room_id} /> },
  ...ofOneRoom,
]

type AttendanceProps = {
  readonly owner: Owner
  readonly sessions: readonly ApiSession[]
  /** Whether there are more sessions, which only the file contains. */
  readonly isTruncated: boolean
  readonly acrossRooms?: boolean
}

/** The sessions of a room or a user, as a table and as a file. */
export function Attendance({ owner, sessions, isTruncated, acrossRooms = false }: AttendanceProps) {
  return (
    <>
      <div class="with-button">
        <h2>{translate('attendance')}</h2>
        <DownloadButton owner={owner} />
      </div>
      {isTruncated && <p class="quiet">{translate('moreInCsv')}</p>}
      <Table
        caption={translate('attendance')}
        columns={acrossRooms ? ofAllRooms : ofOneRoom}
        rows={sessions}
        keyOf={({ room_id, user_id, joined_at }) => `${room_id} ${user_id} ${joined_at}`}
        empty={translate('noData')}
      />
    </>
  )
}

function DownloadButton({ owner }: { owner: Owner }) {
  const [problem, setProblem] = useState('')
  const download = async () => {
    setProblem('')
    try {
      await downloadAttendance(owner)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      <button type="button" id="csv" onClick={() => void download()}>
        {translate('downloadCsv')}
      </button>
      <span role="alert" class="error">
        {problem !== '' && translate('downloadFailed', { reason: problem })}
      </span>
    </>
  )
}
