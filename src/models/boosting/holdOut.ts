import { trainingError } from '../../util/errors.ts'
import type { Random } from '../../util/random.ts'

/**
 * Rows for early stopping: a share of the groups (persons), drawn without replacement; 1 for those held out.
 * @param rows numbers of groups, and weights: rows without weight do not count as an outcome
 * @throws GlasscoreError('training') when rows held out, or those left, do not have both outcomes
 */
export const holdOut = (
  target: Uint8Array,
  { groups, weight }: { groups?: Int32Array | undefined; weight?: Float64Array | undefined },
  share: number,
  random: Random,
): Uint8Array => {
  const number = (row: number): number => (groups ? groups[row]! : row)
  let units = 0
  for (let i = 0; i < target.length; i++) units = Math.max(units, number(i) + 1)
  const order = random.shuffle(Int32Array.from({ length: units }, (_, k) => k))
  const out = new Uint8Array(units)
  for (const unit of order.subarray(0, Math.round(share * units))) out[unit] = 1
  const held = Uint8Array.from(target, (_, i) => out[number(i)]!)
  const counts = [0, 0, 0, 0]
  for (let i = 0; i < target.length; i++) if (weight?.[i] !== 0) counts[2 * held[i]! + target[i]!]!++
  if (counts.includes(0))
    throw trainingError('too few rows to hold some out for early stopping', {
      expected: 'good and bad rows both among those held out and among the others',
      got: `held out ${counts[2]} good, ${counts[3]} bad; the others ${counts[0]} good, ${counts[1]} bad`,
      hint: 'set validationShare to 0 and rounds to what is wanted, or give more rows',
    })
  return held
}
