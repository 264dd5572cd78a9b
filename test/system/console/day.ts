/** The timeline of a day: six lessons in which everybody has a microphone, a camera and a screen share. */
export function dayOf(people: number) {
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 25) + seconds * 1000).toISOString()
  const lessons = Array.from({ length: 6 }, (_, lesson) => 28_800 + lesson * 3600)
  return {
    room_id: '1001',
    from: at(0),
    to: at(86_400),
    media_known_until: null,
    people: Array.from({ length: people }, (_, person) => ({
      user_id: `p${person}`,
      user_name: `Person ${person}`,
      reconnected_at: [],
      sessions: lessons.map((start) => ({
        joined_at: at(start + person),
        left_at: at(start + 2700),
        leave_reason: 'normal',
        endpoint_type: 'web',
        estimated: false,
      })),
      streams: lessons.flatMap((start) =>
        ['audio', 'video', 'desktop'].map((stream_type) => ({
          stream_type,
          from: at(start + 300),
          to: at(start + 2400),
        })),
      ),
    })),
  }
}
