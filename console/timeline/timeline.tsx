import { useMemo, useState } from 'preact/hooks'
import type { ApiRecording, ApiTimeline } from '../api-types.ts'
import { Time } from '../elements/times.tsx'
import { translate } from '../words.ts'
import { Chart } from './chart.tsx'
import { buildLanes } from './lanes.ts'
import { Legend } from './legend.tsx'
import { mergeMedia } from './merge-media.ts'
import { usePart } from './use-part.ts'

const lanesPerPage = 200

type TimelineProps = {
  readonly timeline: ApiTimeline
  readonly recordings: readonly ApiRecording[]
  /** Whether the timeline ends now. */
  readonly isLive: boolean
}

/** One lane per person, with time from left to right. */
export function Timeline({ timeline, recordings, isLive }: TimelineProps) {
  const [maxLanes, setMaxLanes] = useState(lanesPerPage)
  const { part, noteView } = usePart(timeline)
  const lanes = useMemo(() => buildLanes(mergeMedia(timeline, part), recordings), [timeline, part, recordings])
  const shown = useMemo(() => lanes.slice(0, maxLanes), [lanes, maxLanes])
  if (lanes.length === 0) return <p class="quiet">{translate('noData')}</p>
  return (
    <>
      <p class="quiet">{translate('timelineHelp')}</p>
      {timeline.media_known_until !== null && (
        <p id="media-known-until">
          {translate('mediaKnownUntil')} <Time iso={timeline.media_known_until} />
        </p>
      )}
      <Legend lanes={lanes} />
      <Chart
        from={Date.parse(timeline.from)}
        to={Date.parse(timeline.to)}
        lanes={shown}
        isLive={isLive}
        onView={noteView}
      />
      {lanes.length > shown.length && (
        <button type="button" id="more-lanes" onClick={() => setMaxLanes(maxLanes + lanesPerPage)}>
          {translate('moreLanes', { count: lanes.length - shown.length })}
        </button>
      )}
    </>
  )
}
