/** Users as the platform lists them, with the ids U0, U1, … */
export function listUsers(count: number): { user_id: string }[] {
  return Array.from({ length: count }, (_, index) => ({ user_id: `U${index}` }))
}

/** Two listed rooms with three users. */
export const twoRooms = [
  { room_id: 'P1', users: [{ user_id: '1' }, { user_id: '2' }] },
  { room_id: 'P2', users: [{ user_id: '3' }] },
]

export const peopleOfTwoRooms = { P1: ['1', '2'], P2: ['3'] }
