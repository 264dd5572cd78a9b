import { useMemo } from 'preact/hooks'
import type { ApiRoom } from '../api-types.ts'
import { Badge, EstimatedBadge, Word } from '../elements/badge.tsx'
import { Facts } from '../elements/facts.tsx'
import { Loading } from '../elements/loading.tsx'
import { type Days, toPeriod } from '../elements/period.ts'
import { PeriodFields } from '../elements/period-fields.tsx'
import { Time } from '../elements/times.tsx'
import { Translated } from '../elements/translated.tsx'
import { MeetingTable } from '../meetings/meeting-table.tsx'
import { MeetingView } from '../meetings/meeting-view.tsx'
import { useData } from '../state/use-data.ts'
import { ParticipantTable } from '../tables/participant-table.tsx'
import { timeZone } from '../time-zone.ts'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'
import { type RoomData, RoomReader } from './room-reader.ts'
import { RoomTitle } from './room-title.tsx'

/** One room: who is there, its meetings, and the newest of them. @param props.days limits the meetings. */
export function RoomPage({ id, days }: { id: string; days: Days }) {
  const period = toPeriod(days, timeZone.value)
  const key = `room ${id} ${JSON.stringify(period)}`
  // The reader keeps what has been read, so a change of its period needs another one.
  const reader = useMemo(() => new RoomReader(id, period), [key])
  const { data, isMissing, refresh } = useData<RoomData>(key, () => reader.load())
  const readMore = (wantMore: () => void) => () => {
    wantMore()
    refresh()
  }
  return (
    <>
      <RoomTitle id={id} name={data?.room.name ?? null} />
      {isMissing && (
        <p class="quiet">
          <Translated text="noRoom" values={{ id }} />
        </p>
      )}
      {data === undefined && !isMissing && <Loading />}
      {data !== undefined && (
        <RoomContent
          data={data}
          days={days}
          showMorePeople={readMore(() => reader.wantMorePeople())}
          showMoreMeetings={readMore(() => reader.wantMoreMeetings())}
        />
      )}
    </>
  )
}

type RoomContentProps = {
  readonly data: RoomData
  readonly days: Days
  readonly showMorePeople: () => void
  readonly showMoreMeetings: () => void
}

function RoomContent({ data, days, showMorePeople, showMoreMeetings }: RoomContentProps) {
  const { room, present, hasMorePresent, meetings, hasMoreMeetings, latest } = data
  return (
    <>
      <RoomFacts room={room} />
      <ParticipantTable participants={present} />
      {hasMorePresent && (
        <button type="button" id="more-people" onClick={showMorePeople}>
          {translate('morePeople')}
        </button>
      )}
      <h2>{translate('meetings')}</h2>
      <div class="tools">
        <PeriodFields days={days} />
      </div>
      <MeetingTable meetings={meetings} />
      {hasMoreMeetings && (
        <button type="button" id="more-meetings" onClick={showMoreMeetings}>
          {translate('moreMeetings')}
        </button>
      )}
      {latest !== undefined && (
        <>
          <h2>{translate(latest.meeting.closed_at === null ? 'currentMeeting' : 'latestMeeting')}</h2>
          <MeetingView details={latest} />
        </>
      )}
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
        ...(status === 'open'
          ? [{ name: translate('reopened'), value: reopened }]
          : [
              { name: translate('closedAt'), value: <Time iso={closed_at} /> },
              { name: translate('reason'), value: <Word of="close_reason" value={close_reason} /> },
            ]),
      ]}
    />
  )
}
