import type { FeatureTable } from './dataset.ts'
import type { DimensionName } from './dimensions.ts'

/** One variable of a wide table: what it is, whose it is, and the bins of its column. */
export interface WideColumn {
  /** unique in its table */
  name: string
  /** one of the 70 factors: attributions of its variables add up to that of the factor */
  factor: string
  /** the dimension of the factor */
  dimension: DimensionName
  /** as in FactorSpec */
  unit: string
  /** the value where the sources cover its window and have no rows for it */
  noRows: 'zero' | 'missing'
  /** one sentence */
  definition: string
  /** bins of present values, 1 to 255; 1 where all present values are equal, or there is none */
  bins: number
}

/**
 * A folder with a wide table: `wide.json` (this object), `bins.bin` (rows x variables bytes, one variable after the other, 255 = missing),
 * `edges.bin` (the edges of the variables one after the other, bins - 1 each, rising, little-endian doubles), `outcomes.parquet` (person_id,
 * observation_date, status: the keys of the rows in their order, status NULL where there is none) and `groups.parquet` (keys and one text
 * column a protected attribute; may be absent). Bin b of a variable holds edges[b - 1] < x <= edges[b].
 */
export interface WideTable
  extends Pick<FeatureTable, 'name' | 'rows' | 'protectedColumns' | 'outcome' | 'waterfall' | 'notes' | 'warnings'> {
  format: 'glasscore.wide'
  /** of this description; a folder of another version is refused */
  version: 1
  /** in the order of the columns */
  variables: WideColumn[]
  /** SHA-256 of bins.bin and edges.bin */
  sha256: { bins: string; edges: string }
}
