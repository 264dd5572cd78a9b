import { type Child, h } from './dom.ts'
import { formatDateTime, type TextKey, translate } from './words.ts'

export const roomLink = (id: string) => h('a', { href: `#/rooms/${encodeURIComponent(id)}` }, id)
export const userLink = (id: string) => h('a', { href: `#/users/${encodeURIComponent(id)}` }, id)

export const badge = (text: string, kind: 'good' | 'warn' | 'bad' | 'plain' = 'plain', title?: string) =>
  h('span', { class: `badge ${kind}`, title }, text)

export const estimatedBadge = (estimated: boolean) =>
  estimated && badge(translate('estimated'), 'warn', translate('estimatedHelp'))

export const time = (iso: string | null) => (iso === null ? '–' : h('time', { datetime: iso }, formatDateTime(iso)))

/** A table that scrolls horizontally on narrow screens. The scroll region is focusable, for keyboard users. */
export function table(
  caption: string,
  columns: readonly TextKey[],
  rows: readonly { readonly key: string; readonly cells: readonly Child[] }[],
) {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', {}, caption),
      h('thead', {}, h('tr', {}, ...columns.map((column) => h('th', { scope: 'col' }, translate(column))))),
      h(
        'tbody',
        {},
        ...rows.map(({ key, cells }) => h('tr', { 'data-key': key }, ...cells.map((cell) => h('td', {}, cell)))),
      ),
    ),
    rows.length === 0 && h('p', { class: 'quiet' }, translate('none')),
  )
}

export const factList = (facts: readonly (readonly [name: string, value: Child, id?: string])[]) =>
  h(
    'dl',
    { class: 'facts' },
    ...facts.map(([name, value, id]) => h('div', {}, h('dt', {}, name), h('dd', { id }, value))),
  )
