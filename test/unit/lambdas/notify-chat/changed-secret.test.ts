import { describe, expect, it } from 'vitest'
import { setUpChat } from './memory-chat.ts'
import { type FakeRobot, fakeRobot } from './memory-robots.ts'

const hourMs = 3_600_000
const no = { english: 'no', chinese: '否' }
const unusableEntry = { english: 'feishu[0] has no URL', chinese: 'feishu[0] 没有 URL' }
const alertsOf = ({ received }: Pick<FakeRobot, 'received'>) => received.flatMap(({ text }) => text.split('|'))

describe('notify-chat, if the secret has changed', () => {
  it('drops the messages for a robot that is no longer in the secret, but not while an entry cannot be used', async () => {
    const { publish, runFor, robots, queue, configure } = setUpChat()
    if (robots[2]) robots[2].respond = () => ({ outcome: 'refused', reason: no })
    publish('one')
    await runFor(60_000)
    expect(queue.messages).toHaveLength(1)
    configure({ robots: robots.slice(0, 2), language: 'en', problems: [unusableEntry] })
    await runFor(hourMs)
    expect(queue.messages).toHaveLength(1)
    configure({ robots: robots.slice(0, 2), language: 'en', problems: [] })
    await runFor(hourMs)
    expect(queue.messages).toEqual([])
    expect(queue.deadLetters).toEqual([])
  })

  it('sends what waits for a robot to the one that replaces it, but not while an entry cannot be used', async () => {
    const { publish, runFor, robots, queue, configure, clock } = setUpChat(['a', 'b'])
    const [wrong, other] = robots
    if (wrong === undefined || other === undefined) throw new Error('there are two robots')
    wrong.respond = () => ({ outcome: 'refused', reason: no })
    publish('one', 'two')
    await runFor(60_000)
    const replacement = fakeRobot('c', clock)
    configure({ robots: [replacement, other], language: 'en', problems: [unusableEntry] })
    await runFor(hourMs)
    expect(alertsOf(replacement)).toEqual([])
    configure({ robots: [replacement, other], language: 'en', problems: [] })
    publish('three')
    await runFor(hourMs)
    expect(alertsOf(replacement).toSorted()).toEqual(['one', 'three', 'two'])
    expect(alertsOf(other)).toEqual(['one', 'two', 'three'])
    expect(queue.messages).toEqual([])
  })

  it('drops alerts if no robot is configured', async () => {
    const { publish, run, queue, configure } = setUpChat()
    configure(undefined)
    publish('one')
    expect(await run()).toBe(1)
    expect(queue.messages).toEqual([])
  })

  it.each([
    ['no robot', []],
    ['another robot only', ['a']],
  ])(
    'loses nothing for a robot that another instance knows, while this one remembers a secret with %s',
    async (_what, known) => {
      const { publish, run, runFor, robots, configure, keepStale } = setUpChat(['a', 'b'])
      publish('one')
      await run()
      configure(
        known.length > 0
          ? { robots: robots.filter(({ id }) => known.includes(id)), language: 'en', problems: [] }
          : undefined,
      )
      keepStale()
      configure({ robots, language: 'en', problems: [] })
      await runFor(hourMs)
      expect(robots.map(alertsOf)).toEqual([['one'], ['one']])
    },
  )

  it('loses nothing while the secret cannot be read again', async () => {
    const { publish, run, runFor, robots, configure, keepStale, broken } = setUpChat(['a', 'b'])
    publish('one')
    await run()
    configure({ robots: robots.slice(0, 1), language: 'en', problems: [] })
    keepStale()
    configure({ robots, language: 'en', problems: [] })
    broken.secret = true
    await runFor(hourMs)
    broken.secret = false
    await runFor(hourMs)
    expect(robots.map(alertsOf)).toEqual([['one'], ['one']])
  })
})
