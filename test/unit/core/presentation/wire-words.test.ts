import { describe, expect, it, vi } from 'vitest'
import {
  nameCloseReason,
  nameEndpointType,
  nameLeaveReason,
  nameRecordingStatus,
} from '../../../../core/presentation/wire-words.ts'

vi.stubGlobal('sessionStorage', { getItem: () => null })
const { language } = await import('../../../../console/language.ts')
const { nameOf } = await import('../../../../console/wire-words.ts')

describe('the words of a file', () => {
  it.each(['en', 'zh'] as const)('are those of the console in the language %s', (lang) => {
    language.value = lang
    for (const reason of ['user', 'auto', 'reconciled', 'unknown', 'later'])
      expect(nameCloseReason(reason, lang)).toBe(nameOf('close_reason', reason))
    const leaveReasons = [
      'normal',
      'offline',
      'client_kick',
      'server_kick',
      'room_closed',
      'reconciled',
      'unknown',
      'later',
    ]
    for (const reason of leaveReasons) expect(nameLeaveReason(reason, lang)).toBe(nameOf('leave_reason', reason))
    for (const status of ['recording', 'stuck', 'stopped', 'ready', 'failed', 'later'])
      expect(nameRecordingStatus(status, lang)).toBe(nameOf('recording_status', status))
    const types = [
      'web',
      'win',
      'mac',
      'ios',
      'android',
      'hw',
      'androidHW',
      'weixin',
      'pstn',
      'sip',
      'h323',
      'toString',
    ]
    for (const type of types) expect(nameEndpointType(type, lang)).toBe(nameOf('endpoint_type', type))
  })
})
