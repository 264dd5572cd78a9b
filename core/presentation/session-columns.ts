import type { SessionRow } from '../ports/session-reader.ts'
import { type TableColumn, toMinutes } from './tables.ts'
import { nameAnswer, nameEndpointType, nameLeaveReason } from './wire-words.ts'

/** The first column of tables about several rooms. */
export const roomColumn: TableColumn<{ readonly room_id: string }> = {
  title: { en: 'Room ID', zh: '房间 ID' },
  cell: ({ room_id }) => ({ exact: room_id }),
}

export const sessionTableColumns: readonly TableColumn<SessionRow>[] = [
  roomColumn,
  { title: { en: 'User ID', zh: '用户 ID' }, cell: ({ user_id }) => ({ exact: user_id }) },
  { title: { en: 'Name', zh: '姓名' }, cell: ({ user_name }) => (user_name === null ? null : { exact: user_name }) },
  { title: { en: 'Joined', zh: '加入时间' }, cell: ({ session }) => ({ at: session.joined_at }) },
  { title: { en: 'Left', zh: '离开时间' }, cell: ({ session: { end } }) => (end === null ? null : { at: end.at }) },
  {
    title: { en: 'Minutes', zh: '时长（分钟）' },
    cell: ({ session: { joined_at, end } }) => (end === null ? null : toMinutes(end.at - joined_at)),
  },
  {
    title: { en: 'Left because', zh: '离开原因' },
    cell: ({ session: { end } }, language) => (end === null ? null : nameLeaveReason(end.reason, language)),
  },
  {
    title: { en: 'Endpoint', zh: '终端类型' },
    cell: ({ session: { endpoint_type } }, language) =>
      endpoint_type === null ? null : nameEndpointType(endpoint_type, language),
  },
  { title: { en: 'Reconnects', zh: '重连次数' }, cell: ({ session }) => session.reconnects },
  {
    title: { en: 'Estimated', zh: '含推断' },
    cell: ({ session: { start_estimated, end } }, language) =>
      nameAnswer(start_estimated || end?.estimated === true, language),
  },
]
