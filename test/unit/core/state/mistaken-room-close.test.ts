import { describe, it } from 'vitest'
import { verifyMistakenRoomCloses } from '../../../support/mistaken-room-closes.ts'

describe('a mistaken estimated close', () => {
  it('leaves no difference to its room once a genuine event contradicts it', () => verifyMistakenRoomCloses(2000))
})
