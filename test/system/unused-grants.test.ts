import { startSimulatedAvd } from '@northbound/avd-simulator'
import { afterEach, expect, it } from 'vitest'
import { editedAssembly } from '../support/edited-assembly.ts'
import { type System, signed, startSystem } from '../support/system.ts'

let system: System
let avd: Awaited<ReturnType<typeof startSimulatedAvd>> | undefined
afterEach(async () => {
  await system?.run.stop()
  await avd?.stop()
})

/** What Lambda does in the name of a function: writing its log, and reading the queue that it is fed from. */
const byLambda = [
  /^logs:/,
  /^sqs:(ReceiveMessage|DeleteMessage|ChangeMessageVisibility|GetQueueUrl|GetQueueAttributes)$/,
]

it('every grant is used in a life of the system', { timeout: 60_000 }, async () => {
  const key = 'K3Y'
  avd = await startSimulatedAvd({ accessKey: 'a', secretKey: 's', checkCodeKey: key })
  system = await startSystem({
    checkCodeKey: key,
    avd: { baseUrl: avd.url, accessKey: 'a', secretKey: 's' },
    assembly: await editedAssembly('strict', { SWEEP_GRACE_SECONDS: '0' }),
  })
  const send = (event: string, trace_id: string, more: Record<string, string> = {}) =>
    system.callback(signed({ event, trace_id, room_id: 'R', user_id: 'U', event_type: 'normal', ...more }, key))

  for (const event of ['open', 'join', 'leave', 'close']) await send(event, event)
  await send('warning_notify', 'warning', { box_code: 'B', options: '[{"type":"tcp","port":1}]' })
  await system.settled()
  // A copy whose view has forgotten it: looked up in the log, and, as it was received earlier, moved there.
  for (let index = 0; index < 30; index++) await send('update', `update-${index}`)
  await system.settled()
  await system.enqueue({ event: 'join', trace_id: 'join', room_id: 'R', user_id: 'U', event_type: 'normal' }, 1000)
  await system.settled()
  // Whom the platform does not know is missed, corrected, and no longer remembered as missing; then the lists are no lists.
  await send('join', 'lost', { room_id: 'LOST', user_id: 'L' })
  await system.settled()
  for (let sweep = 0; sweep < 3; sweep++) {
    await system.run.invoke('ReconcileRooms', {})
    await system.settled()
  }
  // Somebody in a room of which no opening was told: whether it is closed has to be looked up.
  await send('join', 'present', { room_id: 'NEVER-OPENED' })
  await system.settled()
  avd.setListBehaviour('html')
  for (let sweep = 0; sweep < 3; sweep++) await system.run.invoke('ReconcileRooms', {})
  const rooms = ['', '?status=all', '/R', '/R/events', '/R/sessions'].map((path) => `/api/rooms${path}`)
  for (const path of [...rooms, '/api/users/U/sessions', '/api/recordings', '/api/boxes', '/api/stats'])
    expect(await system.query(path)).toMatchObject({ status: 200 })

  const used = new Set(
    system.run.calls().map(({ principal, action, resource }) => `${principal} ${action} ${resource}`),
  )
  const unused = system.run
    .grants()
    .filter(({ action }) => !byLambda.some((own) => own.test(action)))
    .map(({ principal, action, resource }) => `${principal} ${action} ${resource}`)
    .filter((grant) => !used.has(grant))
  expect(unused).toEqual([])
})
