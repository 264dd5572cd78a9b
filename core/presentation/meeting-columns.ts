import type { Attendance } from '../meetings/attendance.ts'
import type { Meeting } from '../meetings/meetings.ts'
import { type TableCell, type TableColumn, toMinutes } from './tables.ts'
import { nameAnswer, nameCloseReason, nameEndpointType } from './wire-words.ts'

export const attendanceColumns: readonly TableColumn<Attendance>[] = [
  { title: { en: 'User ID', zh: '用户 ID' }, cell: ({ user_id }) => ({ exact: user_id }) },
  { title: { en: 'Name', zh: '姓名' }, cell: ({ user_name }) => (user_name === null ? null : { exact: user_name }) },
  { title: { en: 'First joined', zh: '首次加入' }, cell: ({ first_joined_at }) => ({ at: first_joined_at }) },
  { title: { en: 'Last left', zh: '最后离开' }, cell: ({ last_left_at }) => timeOf(last_left_at) },
  { title: { en: 'Minutes', zh: '在线分钟数' }, cell: ({ presentMs }) => toMinutes(presentMs) },
  { title: { en: 'Sessions', zh: '进入次数' }, cell: ({ sessions }) => sessions },
  { title: { en: 'Reconnects', zh: '重连次数' }, cell: ({ reconnects }) => reconnects },
  {
    title: { en: 'Endpoints', zh: '终端类型' },
    cell: ({ endpoint_types }, language) =>
      endpoint_types.map((type) => nameEndpointType(type, language)).join(language === 'zh' ? '、' : ', '),
  },
  { title: { en: 'Estimated', zh: '含推断' }, cell: ({ estimated }, language) => nameAnswer(estimated, language) },
]

/** @param now ms since 1970: until when a meeting counts that has not ended. */
export function meetingColumns(now: number): readonly TableColumn<Meeting>[] {
  return [
    { title: { en: 'Start', zh: '开始' }, cell: ({ opened_at }) => ({ at: opened_at }) },
    { title: { en: 'End', zh: '结束' }, cell: ({ closed_at }) => timeOf(closed_at) },
    {
      title: { en: 'Minutes', zh: '时长（分钟）' },
      cell: ({ opened_at, closed_at }) => toMinutes((closed_at ?? now) - opened_at),
    },
    { title: { en: 'People', zh: '人数' }, cell: ({ people }) => people },
    { title: { en: 'Most at a time', zh: '最多同时在线' }, cell: ({ peak }) => peak },
    { title: { en: 'Person-minutes', zh: '累计在线分钟数' }, cell: ({ personMs }) => toMinutes(personMs) },
    {
      title: { en: 'Closed because', zh: '结束原因' },
      cell: ({ close_reason }, language) => (close_reason === null ? null : nameCloseReason(close_reason, language)),
    },
    {
      title: { en: 'Estimated', zh: '含推断' },
      cell: ({ opening_estimated, closing_estimated }, language) =>
        nameAnswer(opening_estimated || closing_estimated, language),
    },
  ]
}

function timeOf(at: number | null): TableCell {
  return at === null ? null : { at }
}
