/** Column names of receipts.parquet: a factor or dimension keeps its name unless another column has it. */
export interface ReceiptLayout {
  factors: { name: string; column: string }[]
  dimensions: { name: string; column: string }[]
}

const FIXED = [
  'person_id',
  'observation_date',
  'model',
  'model_hash',
  'semantics',
  'background_id',
  'link',
  'base',
  'scale_limit',
  'score',
]

/** SQL engines compare column names without regard to letter case, so this does too. */
export const receiptLayout = (factors: readonly string[], dimensions: readonly string[]): ReceiptLayout => {
  const taken = new Set(FIXED)
  const place = (name: string, prefix: string): { name: string; column: string } => {
    let column = name
    while (taken.has(column.toLowerCase())) column = `${prefix}_${column}`
    taken.add(column.toLowerCase())
    return { name, column }
  }
  return {
    factors: factors.map((name) => place(name, 'factor')),
    dimensions: dimensions.map((name) => place(name, 'dimension')),
  }
}
