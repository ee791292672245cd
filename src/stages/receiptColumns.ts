/** A name of the data and its column in receipts.parquet. */
export interface ReceiptColumn {
  name: string
  column: string
}

/** Column names of receipts.parquet: a factor or dimension keeps its name unless another column has it. */
export interface ReceiptLayout {
  factors: ReceiptColumn[]
  /** points of the game whose players are the dimensions */
  dimensions: ReceiptColumn[]
  /** by dimension: sums of the points of its factors; absent in folders of earlier versions */
  members?: ReceiptColumn[]
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
export const receiptLayout = (factors: readonly string[], dimensions: readonly string[]): Required<ReceiptLayout> => {
  const taken = new Set(FIXED)
  const place = (name: string, prefix: string, wanted = name): ReceiptColumn => {
    let column = wanted
    while (taken.has(column.toLowerCase())) column = `${prefix}_${column}`
    taken.add(column.toLowerCase())
    return { name, column }
  }
  return {
    factors: factors.map((name) => place(name, 'factor')),
    dimensions: dimensions.map((name) => place(name, 'dimension')),
    members: dimensions.map((name) => place(name, 'sum', `${name}_members`)),
  }
}
