import type { Engine } from '../engines/engine.ts'
import { identifier, literal } from '../engines/sql.ts'
import type { PersonReceipt } from './readReceipts.ts'
import type { ReceiptLayout } from './receiptColumns.ts'

/**
 * Mid-rank of each dimension's points among all rows that the model explained against the background of the receipt, from 0 to 1.
 * @param file receipts.parquet
 * @returns in the order of the receipt's dimensions
 */
export const dimensionPercentiles = async (
  engine: Engine,
  file: string,
  layout: ReceiptLayout,
  receipt: PersonReceipt,
): Promise<number[]> => {
  const ranks = receipt.dimensions.map(({ points }, i) => {
    const column = identifier(layout.dimensions[i]!.column)
    return `(count(*) FILTER (WHERE ${column} < ${points}) + count(*) FILTER (WHERE ${column} = ${points}) / 2.0)::DOUBLE AS p${i}`
  })
  const [row] = await engine.rows<Record<string, number>>(
    `SELECT count(*)::DOUBLE AS n, ${ranks.join(', ')} FROM read_parquet(${literal(file)})
     WHERE model = ${literal(receipt.model)} AND background_id = ${literal(receipt.backgroundId)}`,
  )
  return receipt.dimensions.map((_, i) => row![`p${i}`]! / row!['n']!)
}
