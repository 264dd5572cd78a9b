import type { ComponentChildren } from 'preact'
import { type TextKey, translate } from '../words.ts'
import { memo } from './memo.ts'

export type Column<Row> = {
  readonly title: TextKey
  readonly cell: (row: Row) => ComponentChildren
  /** Numbers are aligned to the right. */
  readonly isNumber?: true
  /** The value says what it is. */
  readonly isTag?: true
}

type TableProps<Row> = {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** Shown instead of the table if there are no rows. */
  readonly empty: ComponentChildren
  /** Whether a row is a few lines on a narrow screen, without titles for the first two columns and those that are tags. */
  readonly isCompact?: boolean
}

/**
 * A table with a title. On a narrow screen each row becomes a block with the titles beside the values. Columns must be the same array in every render, so that only changed rows are rendered.
 */
export function Table<Row>({ caption, columns, rows, keyOf, empty, isCompact = false }: TableProps<Row>) {
  return (
    <section class={isCompact ? 'compact table' : 'table'} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" class={isNumber && 'number'}>
                {translate(title)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TableRow key={keyOf(row)} columns={columns as readonly Column<unknown>[]} row={row} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="quiet">{empty}</p>}
    </section>
  )
}

const TableRow = memo(({ columns, row }: { columns: readonly Column<unknown>[]; row: unknown }) => (
  <tr>
    {columns.map(({ title, cell, isNumber, isTag }) => (
      <td key={title} data-title={translate(title)} class={isNumber ? 'number' : isTag && 'tagged'}>
        <span class="value">{cell(row)}</span>
      </td>
    ))}
  </tr>
))
