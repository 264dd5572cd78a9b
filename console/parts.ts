import { type Child, h } from './dom.ts'
import { dateTime, say, type Word } from './words.ts'

// What several pages show.

export const roomLink = (id: string) => h('a', { href: `#/rooms/${encodeURIComponent(id)}` }, id)
export const userLink = (id: string) => h('a', { href: `#/users/${encodeURIComponent(id)}` }, id)

export const badge = (text: string, kind: 'good' | 'warn' | 'bad' | 'plain' = 'plain', title?: string) =>
  h('span', { class: `badge ${kind}`, title }, text)

export const estimatedBadge = (estimated: boolean) => estimated && badge(say('estimated'), 'warn', say('estimatedHelp'))

export const time = (iso: string | null) => (iso === null ? '–' : h('time', { datetime: iso }, dateTime(iso)))

/** A table that can be scrolled sideways on a phone, by keyboard as well. */
export function table(
  caption: string,
  heads: readonly Word[],
  rows: readonly { key: string; cells: readonly Child[] }[],
) {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, say(head))))),
      h(
        'tbody',
        {},
        ...rows.map(({ key, cells }) => h('tr', { 'data-key': key }, ...cells.map((cell) => h('td', {}, cell)))),
      ),
    ),
    rows.length === 0 && h('p', { class: 'quiet' }, say('none')),
  )
}

/** Names and values. */
export const facts = (pairs: readonly (readonly [name: string, value: Child, id?: string])[]) =>
  h(
    'dl',
    { class: 'facts' },
    ...pairs.map(([name, value, id]) => h('div', {}, h('dt', {}, name), h('dd', { id }, value))),
  )
