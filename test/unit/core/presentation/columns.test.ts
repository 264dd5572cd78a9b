import { describe, expect, it } from 'vitest'
import type { Attendance } from '../../../../core/meetings/attendance.ts'
import type { Meeting } from '../../../../core/meetings/meetings.ts'
import type { SessionRow } from '../../../../core/ports/session-reader.ts'
import { attendanceColumns, meetingColumns } from '../../../../core/presentation/meeting-columns.ts'
import { sessionTableColumns } from '../../../../core/presentation/session-columns.ts'
import { createTable, type Language, languages, type TableColumn } from '../../../../core/presentation/tables.ts'

/** Returns the rows of a table with their titles, as objects. */
function tableOf<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[], language: Language) {
  const table = createTable(rows, columns, { language, timeZone: 'Asia/Shanghai' })
  return table.rows.map((cells) => Object.fromEntries(table.titles.map((title, index) => [title, cells[index]])))
}

describe('the columns of attendance', () => {
  const attendance: Attendance = {
    user_id: '007',
    user_name: 'Ann',
    first_joined_at: 1000,
    last_left_at: 61_000,
    presentMs: 45_000,
    sessions: 2,
    reconnects: 3,
    endpoint_types: ['web', 'win'],
    estimated: true,
  }

  it('are those of a roll call in English', () => {
    expect(tableOf([attendance], attendanceColumns, 'en')).toEqual([
      {
        'User ID': { exact: '007' },
        Name: { exact: 'Ann' },
        'First joined': { at: 1000 },
        'Last left': { at: 61_000 },
        Minutes: 0.75,
        Sessions: 2,
        Reconnects: 3,
        Endpoints: 'web, Windows',
        Estimated: 'yes',
      },
    ])
  })

  it('are those of a roll call in Chinese, with empty cells for what is not known', () => {
    const present = { ...attendance, user_name: null, last_left_at: null, estimated: false }
    expect(tableOf([present], attendanceColumns, 'zh')).toEqual([
      {
        '用户 ID': { exact: '007' },
        姓名: null,
        首次加入: { at: 1000 },
        最后离开: null,
        在线分钟数: 0.75,
        进入次数: 2,
        重连次数: 3,
        终端类型: '网页、Windows 客户端',
        含推断: '否',
      },
    ])
  })
})

describe('the columns of meetings', () => {
  const meeting: Meeting = {
    opened_at: 1000,
    closed_at: 91_000,
    close_reason: 'user',
    opening_estimated: false,
    closing_estimated: false,
    people: 3,
    peak: 2,
    personMs: 120_300,
  }

  it('describe a meeting in English', () => {
    expect(tableOf([meeting], meetingColumns(0), 'en')).toEqual([
      {
        Start: { at: 1000 },
        End: { at: 91_000 },
        Minutes: 1.5,
        People: 3,
        'Most at a time': 2,
        'Person-minutes': 2.01,
        'Closed because': 'closed by a user',
        Estimated: 'no',
      },
    ])
  })

  it('count a meeting that has not ended until now, in Chinese', () => {
    const open = { ...meeting, closed_at: null, close_reason: null }
    expect(tableOf([open], meetingColumns(31_000), 'zh')).toEqual([
      {
        开始: { at: 1000 },
        结束: null,
        '时长（分钟）': 0.5,
        人数: 3,
        最多同时在线: 2,
        累计在线分钟数: 2.01,
        结束原因: null,
        含推断: '否',
      },
    ])
  })

  it('say that the start or the end is estimated', () => {
    const meetings = [
      { ...meeting, opening_estimated: true },
      { ...meeting, closing_estimated: true },
    ]
    expect(tableOf(meetings, meetingColumns(0), 'en').map(({ Estimated }) => Estimated)).toEqual(['yes', 'yes'])
    expect(tableOf(meetings, meetingColumns(0), 'zh').map(({ 含推断 }) => 含推断)).toEqual(['是', '是'])
  })
})

describe('the columns of sessions', () => {
  const row: SessionRow = {
    room_id: '12',
    user_id: '007',
    user_name: 'Ann',
    session: {
      joined_at: 1000,
      start_estimated: false,
      endpoint_type: 'win',
      reconnects: 1,
      end: { at: 46_000, reason: 'offline', estimated: false },
    },
  }

  it('describe a session in English', () => {
    expect(tableOf([row], sessionTableColumns, 'en')).toEqual([
      {
        'Room ID': { exact: '12' },
        'User ID': { exact: '007' },
        Name: { exact: 'Ann' },
        Joined: { at: 1000 },
        Left: { at: 46_000 },
        Minutes: 0.75,
        'Left because': 'connection lost',
        Endpoint: 'Windows',
        Reconnects: 1,
        Estimated: 'no',
      },
    ])
  })

  it('describe a session that goes on in Chinese, with empty cells for what is not known', () => {
    const going = { ...row, user_name: null, session: { ...row.session, endpoint_type: null, end: null } }
    expect(tableOf([going], sessionTableColumns, 'zh')).toEqual([
      {
        '房间 ID': { exact: '12' },
        '用户 ID': { exact: '007' },
        姓名: null,
        加入时间: { at: 1000 },
        离开时间: null,
        '时长（分钟）': null,
        离开原因: null,
        终端类型: null,
        重连次数: 1,
        含推断: '否',
      },
    ])
  })

  it.each(languages)('say that the start or the end is estimated, in the language %s', (language) => {
    const { session } = row
    const sessions = [
      { ...row, session: { ...session, start_estimated: true, end: null } },
      { ...row, session: { ...session, end: { at: 46_000, reason: 'reconciled', estimated: true } } },
    ]
    const yes = language === 'en' ? 'yes' : '是'
    expect(tableOf(sessions, sessionTableColumns, language).map((cells) => Object.values(cells).at(-1))).toEqual([
      yes,
      yes,
    ])
  })

  it('show no negative duration', () => {
    const backwards = { ...row, session: { ...row.session, end: { at: 0, reason: 'normal', estimated: false } } }
    expect(tableOf([backwards], sessionTableColumns, 'en')).toMatchObject([{ Minutes: 0 }])
  })
})
