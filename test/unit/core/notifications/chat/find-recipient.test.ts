import { describe, expect, it } from 'vitest'
import { findRecipient } from '../../../../../core/notifications/chat/find-recipient.ts'
import type { ChatService } from '../../../../../core/ports/chat-robots.ts'

const robotsOf = (service: ChatService, ...ids: string[]) => ids.map((id) => ({ id, service }))

describe('findRecipient', () => {
  it('finds the robot of the message whatever else is in the secret', () => {
    const message = { robot: 'b', service: 'wecom', peers: ['a', 'b'] } as const
    const robots = robotsOf('wecom', 'c', 'b')
    expect(findRecipient(message, robots)).toEqual({ outcome: 'same', robot: robots[1] })
  })

  it.each([
    ['a', 'c'],
    ['b', 'd'],
  ])('replaces each of several robots by the one added in the same order: %s by %s', (robot, replacement) => {
    const message = { robot, service: 'wecom', peers: ['a', 'b', 'x'] } as const
    expect(findRecipient(message, robotsOf('wecom', 'x', 'c', 'd'))).toMatchObject({
      outcome: 'replacement',
      robot: { id: replacement },
    })
  })

  it.each([
    ['no robot was added', robotsOf('wecom', 'b')],
    ['the robot that was added belongs to another service', [...robotsOf('wecom', 'b'), ...robotsOf('feishu', 'c')]],
    ['the secret has no robot', []],
  ])('finds no robot if %s', (_what, robots) => {
    expect(findRecipient({ robot: 'a', service: 'wecom', peers: ['a', 'b'] }, robots)).toEqual({ outcome: 'removed' })
  })

  it('finds no robot for one of two that were removed if only one was added', () => {
    const message = { robot: 'b', service: 'wecom', peers: ['a', 'b'] } as const
    expect(findRecipient(message, robotsOf('wecom', 'c'))).toEqual({ outcome: 'removed' })
  })
})
