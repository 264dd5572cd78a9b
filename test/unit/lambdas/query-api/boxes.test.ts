import { expect, it } from 'vitest'
import { fold } from '../../../../core/state/fold.ts'
import { warningAt } from '../../../support/events.ts'
import { createApi, isoAfterNoon, noon } from './test-api.ts'

// The test API has an alert window of ten minutes.
it.each([
  [29, 'warning'],
  [30, 'quiet'],
])(
  'a media server whose last warning was %i minutes ago has the state %s, and the times of its episode',
  async (minutes, state) => {
    const warnings = [noon, noon + 60_000].map((at) => warningAt(at))
    const [[, box] = []] = fold(warnings, { alertWindowMs: 600_000, timeZone: 'UTC' })
    if (box?.kind !== 'box') throw new Error('no state of a media server')
    const { get } = createApi({
      listBoxes: async () => ({ items: [{ box_code: 'B', state: box }], cursor: null }),
      now: () => noon + (minutes + 1) * 60_000,
    })
    const [first, last] = [isoAfterNoon(0), isoAfterNoon(60_000)]
    expect((await get('/api/boxes')).body).toEqual({
      items: [
        {
          box_code: 'B',
          state,
          first_warning_at: first,
          last_warning_at: last,
          ports: [{ type: 'tcp', port: 8088, first_seen_at: first, last_seen_at: last }],
          alerts_sent: 1,
          alerts_suppressed: 1,
        },
      ],
      cursor: null,
    })
  },
)
