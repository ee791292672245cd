import { type Child, h, type Markup } from './html.ts'

/** One column: its head, and what stands in each row. */
export interface TableColumn<Row> {
  head: Child
  /** explanation shown where the pointer rests and read by screen readers */
  title?: string
  /** text columns start at the left, numbers end at the right (the default) */
  align?: 'left' | 'right'
  /** whole sentences: the column keeps some width on small screens */
  wide?: boolean
  cell: (row: Row, position: number) => Child
}

const classOf = <Row>({ align, wide }: TableColumn<Row>, position: number): string =>
  align === 'left' || position === 0 ? (wide ? 'text wide' : 'text') : 'n'

/** From so many columns on a table is wider than a telephone. */
const BROAD = 5

/**
 * A table with a caption. The first column heads its rows. Where it is wider than its place it scrolls inside itself, with a shadow at
 * its end and a word in its caption; in print it wraps.
 */
export const table = <Row>(
  caption: string,
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  options: {
    rowClass?: (row: Row) => string | undefined
    /** the limits of intervals go below their values, so that many columns fit */
    stack?: boolean
    /** whether it is wider than a telephone, for browsers that cannot tell; by default told by the number of columns */
    broad?: boolean
  } = {},
): Markup =>
  h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h(
      'table',
      { class: options.stack ? 'stack' : undefined },
      h(
        'caption',
        {},
        h(
          'span',
          {},
          caption,
          h('em', { class: (options.broad ?? columns.length >= BROAD) ? 'hint broad' : 'hint' }, ' Scrolls sideways →'),
        ),
      ),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map((c, j) => h('th', { scope: 'col', class: classOf(c, j), title: c.title }, c.head)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((row, i) =>
          h(
            'tr',
            { class: options.rowClass?.(row) },
            columns.map((c, j) =>
              h(j === 0 ? 'th' : 'td', { class: classOf(c, j), ...(j === 0 ? { scope: 'row' } : {}) }, c.cell(row, i)),
            ),
          ),
        ),
      ),
    ),
  )
