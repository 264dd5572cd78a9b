import { startSimulatedAvd } from '@northbound/avd-simulator'
import { afterEach, expect, it } from 'vitest'
import { copyAssembly } from '../support/copy-assembly.ts'
import { type System, signParameters, startSystem } from '../support/system.ts'

let system: System
let avd: Awaited<ReturnType<typeof startSimulatedAvd>> | undefined
afterEach(async () => {
  await system?.run.stop()
  await avd?.stop()
})

/** Actions that Lambda performs with the function's role: writing logs and polling the queue. */
const lambdaServiceActions = [
  /^logs:/,
  /^sqs:(ReceiveMessage|DeleteMessage|ChangeMessageVisibility|GetQueueUrl|GetQueueAttributes)$/,
]

it('the stack grants no permission that the system never uses', { timeout: 60_000 }, async () => {
  const key = 'K3Y'
  avd = await startSimulatedAvd({ accessKey: 'a', secretKey: 's', checkCodeKey: key })
  system = await startSystem({
    checkCodeKey: key,
    avd: { baseUrl: avd.url, accessKey: 'a', secretKey: 's' },
    assembly: await copyAssembly('strict', { SWEEP_GRACE_SECONDS: '0' }),
  })
  const send = (event: string, trace_id: string, params: Record<string, string> = {}) =>
    system.callback(
      signParameters({ event, trace_id, room_id: 'R', user_id: 'U', event_type: 'normal', ...params }, key),
    )

  for (const event of ['open', 'join', 'leave', 'close']) await send(event, event)
  await send('warning_notify', 'warning', { box_code: 'B', options: '[{"type":"tcp","port":1}]' })
  await system.settle()
  // A duplicate that is no longer among the recent events is looked up in the log. It was received earlier, so the
  // log entry gets its time.
  for (let index = 0; index < 30; index++) await send('update', `update-${index}`)
  await system.settle()
  await system.enqueue({ event: 'join', trace_id: 'join', room_id: 'R', user_id: 'U', event_type: 'normal' }, 1000)
  await system.settle()
  // A participant that the platform does not list is recorded as absent, then corrected, then removed from the absences.
  await send('join', 'lost', { room_id: 'LOST', user_id: 'L' })
  await system.settle()
  for (let sweep = 0; sweep < 3; sweep++) {
    await system.run.invoke('ReconcileRooms', {})
    await system.settle()
  }
  // For a participant in a room without an open event, the log is searched for a close.
  await send('join', 'present', { room_id: 'NEVER-OPENED' })
  await system.settle()
  // Responses that are not lists make sweeps fail. The third failure sends an alert.
  avd.setListBehaviour('html')
  for (let sweep = 0; sweep < 3; sweep++) await system.run.invoke('ReconcileRooms', {})
  // The rebuild function finds a damaged projection and sends a command; the room is read from the timeline.
  for (const request of [{ all: true }, { room_id: 'R' }]) {
    await system.removeState({ kind: 'participant', room_id: 'R', user_id: 'U' })
    expect(await system.run.invoke('Rebuild', request)).toMatchObject({ payload: { different: 1, commands: 1 } })
    await system.settle()
  }
  // The first sample reads the latest hour, and writes one.
  await system.run.invoke('SampleUsage', {})
  // A dead letter is put back, because callbacks have been applied.
  const letter = { event: 'leave', trace_id: 'dead', room_id: 'R', user_id: 'U', event_type: 'normal' }
  await system.enqueue(letter, 2000, 'callback', 'DeadLetterQueueUrl')
  expect(await system.run.invoke('RedriveDeadLetters', {})).toMatchObject({ payload: { redriven: 1 } })
  await system.settle()
  // An alarm goes off and returns to OK.
  for (const state of ['ALARM', 'OK'] as const) await system.run.setAlarmState('Northbound-drift', state)
  // While the receiver cannot read the key again, a wrong check_code is left to apply-events.
  const recover = system.run.inject({ service: 'secretsmanager', principal: 'ReceiveCallback' })
  const join = { event: 'join', trace_id: 'forged', room_id: 'R', user_id: 'U', event_type: 'normal' }
  expect(await system.callback(signParameters(join, 'wrong'))).toMatchObject({ status: 200 })
  recover()
  await system.settle()
  // The receiver keeps a sample of a refused callback.
  expect(await system.callback(join)).toMatchObject({ status: 401 })
  const rooms = ['', '?status=all', '/R', '/R/events', '/R/sessions'].map((path) => `/api/rooms${path}`)
  for (const path of [
    ...rooms,
    '/api/users/U/sessions',
    '/api/meetings?room_id=R',
    '/api/recordings',
    '/api/boxes',
    '/api/stats',
    '/api/usage',
    '/api/people',
  ])
    expect(await system.query(path)).toMatchObject({ status: 200 })

  const used = new Set(
    system.run.calls().map(({ principal, action, resource }) => `${principal} ${action} ${resource}`),
  )
  const unused = system.run
    .grants()
    .filter(({ action }) => !lambdaServiceActions.some((pattern) => pattern.test(action)))
    .map(({ principal, action, resource }) => `${principal} ${action} ${resource}`)
    .filter((grant) => !used.has(grant))
  expect(unused).toEqual([])
})
