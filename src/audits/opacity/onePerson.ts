import type { OnePerson } from './findings.ts'
import type { EqualModel, MultiplicityRows } from './multiplicity.ts'

/** The person in whose score equal models differ most in decision, then in range. */
export const onePerson = (
  rows: MultiplicityRows,
  score: Int32Array,
  models: readonly EqualModel[],
  words: ReadonlyMap<string, string>,
): OnePerson => {
  let row = 0
  const split = (i: number): number => Math.min(rows.selected[i]!, 1 - rows.selected[i]!)
  for (let i = 1; i < score.length; i++) {
    const more = split(i) - split(row)
    if (more > 0 || (more === 0 && rows.high[i]! - rows.low[i]! > rows.high[row]! - rows.low[row]!)) row = i
  }
  const counts = new Map<string, number>()
  for (const { first } of models) {
    const group = first[row]
    const text = group === null || group === undefined ? 'no factor takes points' : (words.get(group) ?? group)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return {
    text: 'the person whose decision these models share out most evenly',
    row,
    score: score[row]!,
    scores: models.map((m) => m.score[row]!).sort((a, b) => a - b),
    reasons: [...counts]
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .map(([text, count]) => ({ text, models: count })),
  }
}
