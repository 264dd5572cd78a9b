import { describe, expect, it } from 'vitest'
import { startReconciledSystem } from './reconciled-system.ts'

describe('reconciliation after a crash of the media server', { timeout: 60_000 }, () => {
  it('keeps the sessions of users who reconnect, ends the others as reconciled, and changes no other room', async () => {
    const reconciled = await startReconciledSystem()
    const { avd } = reconciled
    // Too few for a mass disappearance, whose corrections wait for minutes.
    await reconciled.populate(2, 5)
    expect(await reconciled.getStats()).toMatchObject({ rooms_open: 2, participants_present: 10 })
    const disconnected = avd.crash()
    // A user in another room, whom the crash does not affect.
    void avd.join('other', 'bystander')
    await reconciled.settle()
    expect(await reconciled.sweep()).toBe('swept')
    const returning = disconnected.filter((_, index) => index % 5 < 3)
    await avd.recover(returning)
    await reconciled.settle()
    await reconciled.waitForGracePeriod()
    expect(await reconciled.sweep()).toBe('swept')
    const returned = new Set(returning.map(({ room_id, user_id }) => `${room_id} ${user_id}`))
    expect(returning).toHaveLength(6)
    for (let r = 0; r < 2; r++) {
      const { room, participants } = await reconciled.getRoom(`R${r}`)
      expect(room).toMatchObject({ status: 'open', present: 3, reopened: 1 })
      for (const participant of participants)
        if (returned.has(`R${r} ${participant.user_id}`))
          expect(participant).toMatchObject({ status: 'in_room', reconnects: 1, estimated: false, streams: [{}] })
        else
          expect(participant).toMatchObject({
            status: 'left',
            leave_reason: 'reconciled',
            estimated: true,
            reconnects: 0,
          })
    }
    expect(await reconciled.getRoom('other')).toMatchObject({
      participants: [{ status: 'in_room', reconnects: 0, estimated: false }],
    })
    expect(await reconciled.getStats()).toMatchObject({
      participants_present: 7,
      last_sweep_ok: true,
      reconciliation: 'on',
      dead_letters: 0,
    })
  })

  it('closes a room as reconciled if no user returns to it', async () => {
    const reconciled = await startReconciledSystem()
    await reconciled.populate(1, 2)
    reconciled.avd.crash()
    await reconciled.sweepTwice()
    expect(await reconciled.getRoom('R0')).toMatchObject({
      room: { status: 'closed', close_reason: 'reconciled', present: 0, estimated: true },
      participants: [
        { status: 'left', leave_reason: 'reconciled' },
        { status: 'left', leave_reason: 'reconciled' },
      ],
    })
  })
})
