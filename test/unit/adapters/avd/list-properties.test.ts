import { startSimulatedAvd } from '@northbound/avd-simulator'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { avdPlatform } from '../../../../adapters/avd/platform.ts'
import { readScript } from '../../../support/scripted-platform.ts'

type Fields = Record<string, unknown>
type Room = { room_id: string; users: { user_id: string }[] }

const rooms: fc.Arbitrary<Room[]> = fc.uniqueArray(
  fc.record({
    room_id: fc.stringMatching(/^[A-Z]{1,3}\d{0,3}$/),
    users: fc.uniqueArray(fc.record({ user_id: fc.stringMatching(/^[a-z]\d{1,3}$/) }), {
      selector: ({ user_id }) => user_id,
      maxLength: 4,
    }),
  }),
  { selector: ({ room_id }) => room_id, maxLength: 8 },
)

/** Writes the words of a name in some usual way. */
const writeName = fc.constantFrom<(words: readonly string[]) => string>(
  (words) => words.join('_'),
  (words) => words.join('-'),
  (words) => words.join(''),
  (words) => words.join('_').toUpperCase(),
  (words) => words.map((word, index) => (index === 0 ? word : capitalize(word))).join(''),
  (words) => words.map(capitalize).join(''),
)
const capitalize = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1)

/** Writes a number in some usual way. */
const writeNumber = fc.constantFrom<(value: number) => unknown>(
  (value) => value,
  (value) => String(value),
  (value) => value.toLocaleString('en-US'),
)

const subjects = [
  'room',
  'rooms',
  'user',
  'users',
  'member',
  'online',
  'record',
  'item',
  'list',
  'data',
  'result',
  'all',
]
const countFields = fc
  .tuple(
    fc.option(fc.constantFrom('total', ...subjects), { nil: undefined }),
    fc.constantFrom('total', 'count', 'num', 'number', 'size', 'pages'),
    fc.integer({ min: 1000, max: 99_999 }),
  )
  .map(([subject, word, value]) => ({ words: [...(subject === undefined ? [] : [subject]), word], value }))
const pageCountFields = fc
  .tuple(
    fc.constantFrom('total_page', 'page_count', 'page_total', 'last_page', 'pages', 'max_page'),
    fc.integer({ min: 2, max: 99 }),
  )
  .map(([name, value]) => ({ words: name.split('_'), value }))
const flagFields = fc.constantFrom(
  ...['has_more', 'has_next', 'has_next_page', 'more', 'more_data'].map((name) => ({
    words: name.split('_'),
    value: true,
  })),
  ...['is_last', 'last', 'last_page', 'is_last_page', 'no_more', 'has_no_more'].map((name) => ({
    words: name.split('_'),
    value: false,
  })),
)
const nextFields = fc.constantFrom(
  ...['next_page', 'next_cursor', 'next_token', 'next', 'next_offset'].map((name) => ({
    words: name.split('_'),
    value: 7,
  })),
)

/** A field that states more than any list of the property has. */
const contradiction: fc.Arbitrary<Fields> = fc
  .tuple(fc.oneof(countFields, pageCountFields, flagFields, nextFields), writeName, writeNumber)
  .map(([{ words, value }, name, number]) => ({ [name(words)]: typeof value === 'number' ? number(value) : value }))

const places = ['beside the list', 'in data', 'in meta', 'in a room'] as const

function answerWith(list: readonly Room[], fields: Fields, place: (typeof places)[number]): object {
  if (place === 'in data') return { ret: 0, data: { list, ...fields } }
  if (place === 'in meta') return { ret: 0, list, meta: fields }
  const [first = { room_id: 'R', users: [] }, ...others] = list
  return place === 'in a room' ? { ret: 0, list: [{ ...first, ...fields }, ...others] } : { ret: 0, list, ...fields }
}

/** In a room, the number of the room is its name. */
function isNameOfRoom(fields: Fields): boolean {
  return Object.keys(fields).every((name) => /^rooms?[-_]?num(ber)?$/i.test(name))
}

describe('avdPlatform with random room lists', () => {
  it('never accepts a list beside a field that states more than it has', async () => {
    await fc.assert(
      fc.asyncProperty(rooms, contradiction, fc.constantFrom(...places), async (list, fields, place) => {
        fc.pre(!(place === 'in a room' && isNameOfRoom(fields)))
        const { people, error } = await readScript({ rooms: [answerWith(list, fields, place)] })
        expect(people).toBeUndefined()
        expect(error).toContain(Object.keys(fields)[0])
      }),
      { numRuns: 400 },
    )
  })

  it('never accepts a list whose stated size was changed, or that lacks a room', async () => {
    const sizeNames = fc.constantFrom('total', 'count', 'total_count', 'roomTotal', 'size', 'num', 'totalElements')
    const loss = fc.oneof(
      fc.record({ kind: fc.constant('size' as const), by: fc.integer({ min: -9, max: 9 }).filter((by) => by !== 0) }),
      fc.record({ kind: fc.constant('room' as const), by: fc.nat() }),
    )
    await fc.assert(
      fc.asyncProperty(rooms, sizeNames, writeNumber, loss, async (list, name, number, { kind, by }) => {
        fc.pre(list.length > 0)
        const size = kind === 'size' ? list.length + by : list.length
        const listed = kind === 'size' ? list : list.filter((_, index) => index !== by % list.length)
        expect((await readScript({ rooms: [{ ret: 0, list: listed, [name]: number(size) }] })).people).toBeUndefined()
        const complete = await readScript({ rooms: [{ ret: 0, list, [name]: number(list.length) }] })
        expect(complete.rooms).toHaveLength(list.length)
      }),
      { numRuns: 200 },
    )
  })

  it('never accepts a paged list that lacks a page', async () => {
    const styles = fc.constantFrom<(page: number, pages: number, total: number) => Fields>(
      (page, _pages, total) => ({ page, page_size: 2, total }),
      (pageNo, totalPage) => ({ pageNo, pageSize: 2, totalPage }),
      (page, pages) => ({ page, hasMore: page < pages }),
      (current, pages, total) => ({ pagination: { current, pages, total } }),
    )
    await fc.assert(
      fc.asyncProperty(
        rooms,
        styles,
        fc.nat(),
        fc.constantFrom('empty', 'repeated', 'skipped'),
        async (list, state, lost, kind) => {
          const pageCount = Math.ceil(list.length / 2)
          fc.pre(pageCount > 1)
          const pages = Array.from({ length: pageCount }, (_, index) => ({
            ret: 0,
            list: list.slice(index * 2, index * 2 + 2),
            ...state(index + 1, pageCount, list.length),
          }))
          expect((await readScript({ rooms: pages })).rooms).toHaveLength(list.length)
          const index = 1 + (lost % (pageCount - 1))
          // An empty page that says it is the last one is a complete list, however wrong the page before was.
          fc.pre(!(kind !== 'repeated' && 'hasMore' in (pages[0] ?? {})))
          const replacement =
            kind === 'empty'
              ? [{ ...pages[index], list: [] }]
              : kind === 'repeated'
                ? [{ ...pages[index], list: pages[index - 1]?.list }]
                : []
          const { people } = await readScript({
            rooms: [...pages.slice(0, index), ...replacement, ...pages.slice(index + 1)],
          })
          expect(people).toBeUndefined()
        },
      ),
      { numRuns: 200 },
    )
  })

  it('accepts every complete list of the simulator', async () => {
    const options = fc.record({
      shape: fc.constantFrom('data.list', 'rooms', 'data', 'separate'),
      paging: fc.constantFrom(
        'total',
        'full-page',
        'page-count',
        'is-last',
        'has-more',
        'offset',
        'cursor',
        'pagination',
      ),
      numericIds: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        options,
        fc.integer({ min: 0, max: 110 }),
        fc.integer({ min: 0, max: 2 }),
        async (shown, count, users) => {
          const avd = await startSimulatedAvd({ accessKey: 'a', secretKey: 's', ...shown })
          for (let room = 0; room < count; room++) {
            void avd.openRoom(String(9_007_199_254_740_993n + BigInt(room)))
            for (let user = 0; user < users; user++)
              void avd.join(String(9_007_199_254_740_993n + BigInt(room)), String(user))
          }
          const platform = avdPlatform({ base_url: avd.url, access_key: 'a', secret_key: 's' })
          const listed = await platform.listOpenRooms(AbortSignal.timeout(10_000))
          const idsOf = (list: readonly { room_id: string; users: readonly { user_id: string }[] }[]) =>
            list.map(({ room_id, users: present }) => [room_id, ...present.map(({ user_id }) => user_id)])
          expect(idsOf(listed)).toEqual(idsOf(avd.rooms))
          await avd.stop()
        },
      ),
      { numRuns: 25 },
    )
  })
})
