// The responses of the query API, as described by its OpenAPI document. Times are ISO 8601.

export type ApiPage<Item> = { readonly items: readonly Item[]; readonly cursor: string | null }

export type ApiRoom = {
  readonly room_id: string
  readonly name: string | null
  readonly status: 'open' | 'closed'
  readonly opened_at: string | null
  readonly closed_at: string | null
  readonly close_reason: string | null
  readonly reopened: number
  readonly present: number
  readonly estimated: boolean
}

export type ApiParticipant = {
  readonly user_id: string
  readonly user_name: string | null
  readonly status: 'in_room' | 'left'
  readonly joined_at: string | null
  readonly left_at: string | null
  readonly leave_reason: string | null
  readonly endpoint_type: string | null
  readonly reconnects: number
  readonly estimated: boolean
  readonly streams: readonly { readonly stream_type: string; readonly resolution: string | null }[]
}

export type ApiRecording = {
  readonly room_id: string
  readonly exporter_id: string | null
  readonly exporter_type: string | null
  readonly status: 'recording' | 'stuck' | 'stopped' | 'ready' | 'failed'
  readonly started_at: string | null
  readonly stopped_at: string | null
  readonly ready_at: string | null
  readonly files: unknown
  readonly file_list: readonly { readonly name: string; readonly size: number | null }[]
  readonly files_truncated?: true | undefined
  readonly reason: string | null
}

export type ApiRoomDetails = {
  readonly room: ApiRoom
  readonly participants: readonly ApiParticipant[]
  readonly recordings: readonly ApiRecording[]
  readonly cursor: string | null
}

export type ApiSession = {
  readonly room_id: string
  readonly user_id: string
  readonly user_name: string | null
  readonly joined_at: string
  readonly left_at: string | null
  readonly seconds: number | null
  readonly leave_reason: string | null
  readonly endpoint_type: string | null
  readonly reconnects: number
  readonly estimated: boolean
}

export type ApiWarnedPort = {
  readonly type: string
  readonly port: number
  readonly first_seen_at: string
  readonly last_seen_at: string
}

export type ApiBox = {
  readonly box_code: string
  readonly state: 'warning' | 'quiet'
  readonly first_warning_at: string
  readonly last_warning_at: string
  readonly ports: readonly ApiWarnedPort[]
  readonly alerts_sent: number
  readonly alerts_suppressed: number
}

export type ApiRefusedCallback = {
  readonly at: string
  readonly outcome: string
  readonly msg: string
  readonly method: string
  readonly source_address: string
  readonly parameters: readonly { readonly name: string; readonly value: string }[]
}

export type WarningCode =
  | 'callbacks_missing'
  | 'mass_disappearance'
  | 'sweep_failing'
  | 'dead_letters'
  | 'refused_signatures'
  | 'port_check'

export type ApiStats = {
  readonly time_zone: string
  readonly rooms_open: number
  readonly participants_present: number
  readonly callbacks_last_hour: number
  readonly last_callback_at: string | null
  readonly drift_last_sweep: number | null
  readonly last_sweep_at: string | null
  readonly last_sweep_ok: boolean | null
  readonly dead_letters: number
  readonly queue_depth: number
  readonly reconciliation: 'on' | 'off' | null
  readonly warnings: readonly WarningCode[]
}

export type ApiMeeting = {
  readonly room_id: string
  readonly opened_at: string
  readonly closed_at: string | null
  readonly close_reason: string | null
  readonly seconds: number
  readonly people: number
  readonly peak: number
  readonly person_seconds: number
  readonly estimated: boolean
}

export type ApiAttendance = {
  readonly user_id: string
  readonly user_name: string | null
  readonly first_joined_at: string
  readonly last_left_at: string | null
  readonly seconds: number
  readonly sessions: number
  readonly reconnects: number
  readonly endpoint_types: readonly string[]
  readonly estimated: boolean
}

export type ApiTimelinePerson = {
  readonly user_id: string
  readonly user_name: string | null
  readonly sessions: readonly {
    readonly joined_at: string
    readonly left_at: string | null
    readonly leave_reason: string | null
    readonly endpoint_type: string | null
    readonly estimated: boolean
  }[]
  readonly streams: readonly { readonly stream_type: string; readonly from: string; readonly to: string | null }[]
  readonly reconnected_at: readonly string[]
}

export type ApiTimeline = {
  readonly room_id: string
  readonly from: string
  readonly to: string
  readonly people: readonly ApiTimelinePerson[]
  readonly media_known_until: string | null
}

export type ApiCallbackCounts = {
  readonly callbacks: number
  readonly kinds: readonly { readonly event: string; readonly sent_by: string | null; readonly callbacks: number }[]
  readonly refused: readonly { readonly outcome: string; readonly callbacks: number }[]
}

export type UsagePeriod = 'hour' | 'day' | 'month'

export type ApiUsage = {
  readonly period_start: string
  readonly peak_people: number
  readonly peak_rooms: number
  readonly person_minutes: number
  readonly meetings: number
  readonly sampled_minutes: number
}

export type ApiPerson = {
  readonly user_id: string
  readonly user_name: string | null
  readonly last_seen_at: string
  readonly present_in: readonly string[]
}

export type ApiEvent = {
  readonly trace_id: string
  readonly event: string
  readonly received_at: string
  readonly source: string
  readonly params: Readonly<Record<string, unknown>>
}
