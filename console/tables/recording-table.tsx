import type { ApiRecording } from '../api-types.ts'
import { Badge } from '../elements/badge.tsx'
import { InBrackets } from '../elements/in-brackets.tsx'
import { RoomLink } from '../elements/links.tsx'
import { None } from '../elements/none.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { formatNumber } from '../format.ts'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'

const ofOneRoom: readonly Column<ApiRecording>[] = [
  { title: 'exporterType', cell: ({ exporter_type }) => <Text text={exporter_type} /> },
  { title: 'exporterId', cell: ({ exporter_id }) => <Text text={exporter_id} /> },
  { title: 'status', cell: (recording) => <Status recording={recording} /> },
  { title: 'started', cell: ({ started_at }) => <Time iso={started_at} /> },
  { title: 'stopped', cell: ({ stopped_at }) => <Time iso={stopped_at} /> },
  { title: 'ready', cell: ({ ready_at }) => <Time iso={ready_at} /> },
  { title: 'files', cell: (recording) => <Files recording={recording} /> },
]

const ofAllRooms: readonly Column<ApiRecording>[] = [
  { title: 'roomName', cell: ({ room_id }) => <RoomLink id={room_id} /> },
  ...ofOneRoom,
]

type RecordingTableProps = { readonly recordings: readonly ApiRecording[]; readonly acrossRooms?: boolean }

export function RecordingTable({ recordings, acrossRooms = false }: RecordingTableProps) {
  return (
    <Table
      caption={translate('recordings')}
      columns={acrossRooms ? ofAllRooms : ofOneRoom}
      rows={recordings}
      keyOf={({ room_id, exporter_id, started_at }) => `${room_id} ${exporter_id} ${started_at}`}
      empty={translate('noRecordings')}
    />
  )
}

const Text = ({ text }: { text: string | null }) => (text === null ? <None /> : <WireText text={text} />)

const statusKinds = { recording: 'good', stuck: 'bad', stopped: 'plain', ready: 'good', failed: 'bad' } as const

function Status({ recording: { status, reason } }: { recording: ApiRecording }) {
  return (
    <>
      <Badge
        text={nameOf('recording_status', status)}
        kind={statusKinds[status]}
        title={status === 'stuck' ? translate('stuckHelp') : undefined}
      />
      {reason !== null && <WireText text={reason} />}
    </>
  )
}

/** The platform does not say in which unit it is. */
function Size({ size }: { size: number }) {
  return (
    <span title={translate('fileSizeHelp')}>
      <InBrackets>{translate('fileSize', { size: formatNumber(size) })}</InBrackets>
    </span>
  )
}

/** The names and sizes of the files, or what the platform sent if they were not recognised: its format is not specified. */
function Files({ recording: { files, file_list, files_truncated } }: { recording: ApiRecording }) {
  if (files === null || files === undefined) return <None />
  if (file_list.length === 0)
    return (
      <code>
        <WireText text={typeof files === 'string' ? files : JSON.stringify(files)} />
        {files_truncated && ' …'}
      </code>
    )
  return (
    <ul class="plain">
      {file_list.map(({ name, size }) => (
        <li key={name}>
          <WireText text={name} />
          {size !== null && <Size size={size} />}
        </li>
      ))}
      {files_truncated && <li>…</li>}
    </ul>
  )
}
