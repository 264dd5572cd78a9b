import type { ApiRefusedCallback } from './api-types.ts'
import { table, time } from './components.ts'
import { h } from './dom.ts'
import { translate, translateIfKnown } from './words.ts'

/** What refused callbacks sent, so that an operator sees what is wrong with them. */
export function refusedTable(refused: readonly ApiRefusedCallback[]): HTMLElement {
  return table(
    translate('refused'),
    ['receivedAt', 'cause', 'sourceAddress', 'method', 'parameters'],
    refused.map(({ at, outcome, msg, method, source_address, parameters }, index) => ({
      key: `${at} ${outcome} ${index}`,
      cells: [
        time(at),
        h('span', {}, translateIfKnown(outcome), h('br'), h('code', {}, msg)),
        source_address,
        method,
        h(
          'ul',
          { class: 'plain' },
          ...parameters.map(({ name, value }) => h('li', {}, h('code', {}, `${name}=${value}`))),
        ),
      ],
    })),
  )
}
