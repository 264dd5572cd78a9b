import { useMemo } from 'preact/hooks'
import type { ApiRoom } from '../api-types.ts'
import { Badge, EstimatedBadge, Word } from '../elements/badge.tsx'
import { Facts } from '../elements/facts.tsx'
import { Loading } from '../elements/loading.tsx'
import { Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { useData } from '../state/use-data.ts'
import { Attendance } from '../tables/attendance.tsx'
import { ParticipantTable } from '../tables/participant-table.tsx'
import { RecordingTable } from '../tables/recording-table.tsx'
import { Legend, Timeline } from '../timeline/timeline.tsx'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'
import { type RoomData, RoomReader } from './room-reader.ts'

/** One room: who is there, what happened, attendance and recordings. */
export function RoomPage({ id }: { id: string }) {
  const reader = useMemo(() => new RoomReader(id), [id])
  const { data, isMissing, refresh } = useData<RoomData>(`room ${id}`, () => reader.load())
  const showMore = () => {
    reader.wantMorePeople()
    refresh()
  }
  return (
    <>
      <h1>
        {translate('room')}{' '}
        <span id="room-id">
          <WireText text={id} />
        </span>
        {data !== undefined && data.room.name !== null && (
          <span id="room-name">
            {' '}
            <WireText text={data.room.name} />
          </span>
        )}
      </h1>
      {isMissing && <p class="quiet">{translate('noRoom', { id })}</p>}
      {data === undefined && !isMissing && <Loading />}
      {data !== undefined && <RoomContent id={id} data={data} showMore={showMore} />}
    </>
  )
}

function RoomContent({ id, data, showMore }: { id: string; data: RoomData; showMore: () => void }) {
  const { room, participants, recordings, cursor, sessions, events, truncated } = data
  return (
    <>
      <RoomFacts room={room} />
      <ParticipantTable participants={participants} />
      {cursor !== null && (
        <button type="button" id="more-people" onClick={showMore}>
          {translate('morePeople')}
        </button>
      )}
      <h2>{translate('timeline')}</h2>
      <p class="quiet">
        {translate('timelineHelp')}
        {truncated && ` ${translate('timelineCut')}`}
      </p>
      <Legend />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users scroll it. */}
      <section class="scroll" tabIndex={0} aria-label={translate('timeline')}>
        <Timeline data={{ sessions, events, recordings, now: Date.now() }} />
      </section>
      <Attendance owner={{ room: id }} sessions={sessions} isTruncated={truncated} />
      <RecordingTable recordings={recordings} />
    </>
  )
}

function RoomFacts({ room }: { room: ApiRoom }) {
  const { status, estimated, present, opened_at, closed_at, close_reason, reopened } = room
  return (
    <Facts
      facts={[
        {
          name: translate('status'),
          value: (
            <>
              <Badge text={nameOf('room_status', status)} kind={status === 'open' ? 'good' : 'plain'} />{' '}
              <EstimatedBadge estimated={estimated} />
            </>
          ),
        },
        { name: translate('peoplePresent'), value: present, id: 'present' },
        { name: translate('opened'), value: <Time iso={opened_at} /> },
        { name: translate('closedAt'), value: <Time iso={closed_at} /> },
        { name: translate('reason'), value: <Word of="close_reason" value={close_reason} /> },
        { name: translate('reopened'), value: reopened },
      ]}
    />
  )
}
