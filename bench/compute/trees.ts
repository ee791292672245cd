import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PlainTree } from 'glasscore/shap'
import type { Table } from './data.ts'

/** Trees of a peer as compute/peers.py exported them. */
export interface PeerTrees {
  model: string
  peer: string
  version: string
  columns: number
  combine: 'mean' | 'sum'
  /** added to the mean or sum of the trees */
  base: number
  trees: PlainTree[]
}

/** Read tree by tree, one a line: a forest may be longer than the longest string of JavaScript. */
export const readTrees = (folder: string): PeerTrees => {
  const bytes = readFileSync(join(folder, 'trees.json'))
  const line = (from: number): number => bytes.indexOf(10, from)
  const end = line(0)
  const head = JSON.parse(`${bytes.toString('utf8', 0, end).replace(/,\s*"trees": \[$/, '')}}`) as PeerTrees
  const trees: PlainTree[] = []
  for (let from = end + 1; bytes[from] === 123; ) {
    const to = line(from)
    trees.push(JSON.parse(bytes.toString('utf8', from, to).replace(/,$/, '')) as PlainTree)
    from = to + 1
  }
  return { ...head, trees }
}

/** The first rows of a table; of all columns, or of the first ones. */
export const firstRows = ({ rows, columns, values, target }: Table, count: number): Table => {
  if (count >= rows) return { rows, columns, values, target }
  const out = new Float64Array(new SharedArrayBuffer(8 * count * columns))
  for (let j = 0; j < columns; j++) out.set(values.subarray(j * rows, j * rows + count), j * count)
  return { rows: count, columns, values: out, target: target.slice(0, count) }
}

/** The SHAP values that a peer left of its first rows, base last: row-major, with their number of rows. */
export const peerValues = (
  folder: string,
  peer: string,
  columns: number,
): { rows: number; values: Float64Array } | undefined => {
  try {
    const bytes = readFileSync(join(folder, `phi-${peer}.f64`))
    const values = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    return { rows: values.length / (columns + 1), values }
  } catch {
    return undefined
  }
}
