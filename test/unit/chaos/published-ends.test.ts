import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toEventRecord } from '../../../core/notifications/room-event.ts'
import { findRoomEventMistakes, type ReceivedRoomEvent } from '../../chaos/check-room-events.ts'
import { modelInstallation } from '../../chaos/model/installation.ts'
import { memoryDependencies } from '../../support/apply.ts'
import { cut } from '../../support/events.ts'
import { personHistories } from '../../support/model-histories.ts'
import { bodiesOf, memoryTopics, publishDependencies, publishUntilDone } from '../../support/topics.ts'

const batchSizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 })

it('what is published shows every end of a session that the model has, whatever a sweep inferred before', async () => {
  await fc.assert(
    fc.asyncProperty(personHistories, batchSizes, async (events, sizes) => {
      const { sent, ...topics } = memoryTopics()
      const dependencies = publishDependencies(memoryDependencies(), topics)
      const delivered = events.map((event) => ({ ...event }))
      for (const batch of cut(delivered, sizes)) await publishUntilDone(dependencies, batch)
      const log = events.map(toEventRecord)
      const { sessions } = modelInstallation(log).shown
      const received = bodiesOf(sent.roomEvents) as readonly ReceivedRoomEvent[]
      expect(findRoomEventMistakes(received, log, sessions)).toEqual([])
    }),
    { numRuns: 400, seed: 22 },
  )
})
