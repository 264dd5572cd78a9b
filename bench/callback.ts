import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { signed } from '../packages/avd-simulator/src/sign.ts'
import { httpApiEvent } from '../packages/template-runner/src/gateway/event.ts'

export const checkCodeKey = 'q3vXbT0yWn8fJ5kRz1LsHc7GmDpAe2Uo4IiYtVxB'

/** One event as the media server sends it: eight parameters, the signature among them. */
export const callbackParameters = signed(
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

/** The same as API Gateway hands it to the function. */
export const callbackEvent = httpApiEvent(
  {
    method: 'GET',
    path: '/room_event_history',
    rawQuery: new URLSearchParams(callbackParameters).toString(),
    httpVersion: '1.1',
    rawHeaders: ['host', 'abc123.execute-api.us-east-1.amazonaws.com', 'user-agent', 'avd/3.33'],
    body: Buffer.alloc(0),
    sourceIp: '203.0.113.7',
  },
  {
    apiId: 'abc123',
    accountId: '000000000000',
    requestId: 'JKJaXmPLvHcESHA=',
    routeKey: 'ANY /room_event_history',
    pathParameters: {},
    now: Date.UTC(2026, 0, 15, 1),
    port: 443,
  },
) as APIGatewayProxyEventV2
