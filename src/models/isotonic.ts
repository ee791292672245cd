/** The rising step function that fits outcomes best. */
import { rowOrder } from '../kernels/numbers/order.ts'

/** Step k holds margins up to and including upTo[k]; the last step has no upper end. */
export interface IsotonicCalibration {
  kind: 'isotonic'
  /** rising, one fewer than probabilities */
  upTo: number[]
  probabilities: number[]
}

interface Block {
  low: number
  high: number
  bad: number
  rows: number
}

/**
 * Pool adjacent violators (Ayer et al. 1955, doi:10.1214/aoms/1177728423). Rows of equal margin are one block; steps change
 * midway between blocks. Shares of 0 and 1 are held off by half a row in all, so that log-odds stay finite.
 */
export const fitIsotonic = (margins: Float64Array, target: Uint8Array): IsotonicCalibration => {
  const order = rowOrder(margins)
  const blocks: Block[] = []
  let k = 0
  while (k < order.length) {
    const at = margins[order[k]!]!
    const block = { low: at, high: at, bad: 0, rows: 0 }
    for (; k < order.length && margins[order[k]!] === at; k++) {
      block.bad += target[order[k]!]!
      block.rows++
    }
    // Cross products of counts compare shares without rounding.
    for (let last = blocks.at(-1); last && last.bad * block.rows >= block.bad * last.rows; last = blocks.at(-1)) {
      block.low = last.low
      block.bad += last.bad
      block.rows += last.rows
      blocks.pop()
    }
    blocks.push(block)
  }
  const least = 0.5 / (margins.length + 1)
  return {
    kind: 'isotonic',
    upTo: blocks.slice(1).map((block, b) => blocks[b]!.high / 2 + block.low / 2),
    probabilities: blocks.map((b) => Math.min(1 - least, Math.max(least, b.bad / b.rows))),
  }
}
