import { useMemo, useState } from 'preact/hooks'
import type { ApiRecording, ApiTimeline } from '../api-types.ts'
import { Time } from '../elements/times.tsx'
import { translate } from '../words.ts'
import { Chart } from './chart.tsx'
import { buildLanes } from './lanes.ts'
import { Legend } from './legend.tsx'

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
  const lanes = useMemo(() => buildLanes(timeline, recordings), [timeline, recordings])
  const shown = useMemo(() => lanes.slice(0, maxLanes), [lanes, maxLanes])
  if (lanes.length === 0) return <p class="quiet">{translate('noData')}</p>
  return (
    <>
      <p class="quiet">{translate('timelineHelp')}</p>
      {timeline.media_known_until !== null && (
        <p class="quiet">
          {translate('mediaKnownUntil')} <Time iso={timeline.media_known_until} />
        </p>
      )}
      <Legend />
      <Chart from={Date.parse(timeline.from)} to={Date.parse(timeline.to)} lanes={shown} isLive={isLive} />
      {lanes.length > shown.length && (
        <button type="button" id="more-lanes" onClick={() => setMaxLanes(maxLanes + lanesPerPage)}>
          {translate('moreLanes', { count: lanes.length - shown.length })}
        </button>
      )}
    </>
  )
}
