import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ObservedRoom } from '../../../../core/reconciliation/compare.ts'
import { MemoryReconciler } from './memory-reconciler.ts'

const minuteMs = 60_000
const rooms = ['R', 'S']
const users = ['U', 'V', 'W']

/** A list of rooms and users, right or wrong. */
const list = fc
  .subarray(rooms)
  .chain((listed) =>
    fc.tuple(...listed.map((room_id) => fc.record({ room_id: fc.constant(room_id), users: fc.subarray(users) }))),
  )
  .map((listed): ObservedRoom[] =>
    listed.map(({ room_id, users: present }) => ({ room_id, users: present.map((user_id) => ({ user_id })) })),
  )

const room_id = fc.constantFrom(...rooms)
const user_id = fc.constantFrom(...users)
const media = { stream_id: fc.constant('s'), type: fc.constant('video'), media_type: fc.constant('video') }
const callback = fc.oneof(
  fc.record({ event: fc.constantFrom('open'), room_id }),
  fc.record({ event: fc.constantFrom('close'), room_id, event_type: fc.constantFrom('user', 'auto') }),
  fc.record({ event: fc.constantFrom('join', 'update'), room_id, user_id }),
  fc.record({
    event: fc.constantFrom('leave'),
    room_id,
    user_id,
    event_type: fc.constantFrom('normal', 'clientKick', 'offline'),
  }),
  fc.record({ event: fc.constantFrom('publish', 'unpublish'), room_id, user_id, ...media }),
)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('callback' as const), params: callback }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('sweep' as const), list, fails: fc.integer({ min: 0, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('queue' as const), isStopped: fc.boolean() }) },
)
/** ms */
const pause = fc.constantFrom(0, 200, 3000, 20_000, minuteMs, minuteMs, minuteMs, 9 * minuteMs, 25 * minuteMs)
const history = fc.array(fc.tuple(step, pause), { minLength: 1, maxLength: 25 })

describe('any history of callbacks, sweeps with any list, failures and a queue that lags', () => {
  it('is followed by agreement with the list as soon as that has been the same for seven minutes', async () => {
    await fc.assert(
      fc.asyncProperty(history, list, async (steps, final) => {
        const reconciler = new MemoryReconciler()
        for (const [taken, pauseMs] of steps) {
          if (taken.kind === 'callback') reconciler.receive(taken.params)
          if (taken.kind === 'queue') reconciler.isQueueStopped = taken.isStopped
          if (taken.kind === 'sweep') await reconciler.sweep(taken.fails === 0 ? new Error('no response') : taken.list)
          reconciler.advanceTime(pauseMs)
        }
        reconciler.isQueueStopped = false
        for (let minute = 0; minute < 8; minute++) {
          await reconciler.sweep(final)
          reconciler.advanceTime(minuteMs)
        }
        expect(await reconciler.present()).toEqual(
          final
            .flatMap(({ room_id: listed, users: present }) => [
              listed,
              ...present.map((user) => `${listed} ${user.user_id}`),
            ])
            .sort(),
        )
      }),
      { numRuns: 200 },
    )
  })
})
