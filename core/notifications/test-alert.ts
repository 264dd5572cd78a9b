import { type Alert, formatClock, maxSmsLength, truncate } from './alert.ts'
import { type AlertText, emailZones, type ReaderZones, renderEmail, timeFact, timeLabel } from './alert-text.ts'

/** The `kind` of a test alert on the alert topic. */
export const testAlertKind = 'test'

/**
 * The alert with which an operator checks that alerts arrive (docs/contract.md, section 7).
 *
 * @param at ms since 1970.
 * @param timeZone IANA time zone of the readers.
 */
export function testAlert(at: number, timeZone: string): Alert {
  return {
    payload: { kind: testAlertKind, at: new Date(at).toISOString() },
    subject: '[AVD] Test alert',
    email: renderEmail(describeTestAlert(at, emailZones(timeZone))),
    sms: truncate(`测试短信 ${formatClock(at, timeZone)}：告警可以送达，无需处理。`, maxSmsLength),
  }
}

export function describeTestAlert(at: number, zones: ReaderZones): AlertText {
  const title = { chinese: '测试告警', english: 'test alert' }
  return {
    title,
    summary: title,
    facts: [
      {
        chinese: '这是一条测试消息，说明告警可以送达。没有发生故障，无需处理。',
        english: 'This is a test. It shows that alerts arrive. Nothing is wrong, and nothing has to be done.',
      },
      timeFact(timeLabel, at, zones),
    ],
  }
}
