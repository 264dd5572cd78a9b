import { signCallback } from '@northbound/avd-simulator'
import * as paths from '../names/paths.ts'
import { createHttpEvent } from './http-request.ts'

export const checkCodeKey = 'q3vXbT0yWn8fJ5kRz1LsHc7GmDpAe2Uo4IiYtVxB'

/** A callback as the media server sends it: eight parameters, `check_code` included. */
const callbackParameters = signCallback(
  {
    event: 'publish',
    room_id: '18000001',
    user_id: '10003',
    user_name: '与会者 3',
    stream_id: '9b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01',
    stream_type: 'video',
    trace_id: '5b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01',
  },
  checkCodeKey,
)

/** The callback as API Gateway passes it to the function. */
export const callbackEvent = createHttpEvent({
  path: paths.callbacks,
  rawQuery: new URLSearchParams(callbackParameters).toString(),
  rawHeaders: ['user-agent', 'avd/3.33'],
  routeKey: `ANY ${paths.callbacks}`,
  pathParameters: {},
  now: Date.UTC(2026, 0, 15, 1),
})
