import type { ApiMeeting } from '../api-types.ts'
import { Badge, EstimatedBadge, Word } from '../elements/badge.tsx'
import { type Fact, Facts } from '../elements/facts.tsx'
import { InBrackets } from '../elements/in-brackets.tsx'
import { toWallClock } from '../elements/period.ts'
import { Duration, Time } from '../elements/times.tsx'
import { language } from '../language.ts'
import { Roster } from '../roster/roster.tsx'
import { DownloadButton } from '../tables/download-button.tsx'
import { RecordingTable } from '../tables/recording-table.tsx'
import { timeZone } from '../time-zone.ts'
import { Timeline } from '../timeline/timeline.tsx'
import { translate } from '../words.ts'
import { AttendanceTable } from './attendance-table.tsx'
import { type MeetingDetails, periodOf } from './meeting-reader.ts'

/** One meeting: timeline, attendance and recordings. */
export function MeetingView({ details }: { details: MeetingDetails }) {
  const { meeting, attendance, isTruncated, timeline, recordings } = details
  const query = { room_id: meeting.room_id, lang: language.value, ...periodOf(meeting) }
  return (
    <>
      <Facts facts={listFacts(meeting)} />
      <h2>{translate('timeline')}</h2>
      <Timeline timeline={timeline} recordings={recordings} isLive={meeting.closed_at === null} />
      <div class="with-button">
        <h2>{translate('attendance')}</h2>
        <DownloadButton path="/attendance" query={query} fileName={fileNameOf(meeting)} format="xlsx" />
        <DownloadButton path="/attendance" query={query} fileName={fileNameOf(meeting)} />
      </div>
      {isTruncated && <p class="quiet">{translate('moreInCsv')}</p>}
      <AttendanceTable attendance={attendance} people={timeline.people} />
      <Roster people={timeline.people} />
      <RecordingTable recordings={recordings} />
    </>
  )
}

function listFacts(meeting: ApiMeeting): Fact[] {
  const { opened_at, closed_at, close_reason, seconds, people, peak, person_seconds, estimated } = meeting
  return [
    {
      name: translate('meetingStart'),
      value: (
        <>
          <Time iso={opened_at} /> <EstimatedBadge estimated={estimated} />
        </>
      ),
    },
    {
      name: translate('meetingEnd'),
      value:
        closed_at === null ? (
          <Badge text={translate('meetingGoesOn')} kind="good" />
        ) : (
          <>
            <Time iso={closed_at} />
            <InBrackets>
              <Word of="close_reason" value={close_reason} />
            </InBrackets>
          </>
        ),
    },
    { name: translate('duration'), value: <Duration seconds={seconds} /> },
    { name: translate('peopleCount'), value: people, id: 'meeting-people' },
    { name: translate('peak'), value: peak, id: 'meeting-peak' },
    { name: translate('personTime'), value: <Duration seconds={person_seconds} /> },
  ]
}

function fileNameOf({ room_id, opened_at }: ApiMeeting): string {
  const openedAt = toWallClock(Date.parse(opened_at), timeZone.value)
  return `attendance-${room_id}-${openedAt.toISOString().slice(0, 16).replace(/[T:]/g, '-')}`
}
