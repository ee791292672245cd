/** Which pairs of factors an audit of opacity is asked about: those that are named, or those that the sealed truth of simulated people knows of. */
import { hasTruth, openTruth } from '../audits/recovery/openTruth.ts'
import type { OpacityReport } from '../reports/opacityReport.ts'
import { usageError } from '../util/errors.ts'
import { nameHint } from '../util/nearestName.ts'

/** What stands for responsibility and for giving in the data: docs/population.md, the interaction claim. */
const POPULATION_PAIR = ['baby_products_share_1y', 'donations_1y'] as const

const named = (claims: readonly (readonly [string, string])[], factors: readonly string[]): OpacityReport['claims'] => {
  for (const pair of claims) {
    const unknown = pair.find((name) => !factors.includes(name))
    if (unknown !== undefined)
      throw usageError('there is no such factor', { option: 'pair', got: unknown, hint: nameHint(unknown, factors) })
    if (pair[0] === pair[1])
      throw usageError('a pair is two factors', { option: 'pair', expected: 'FIRST=SECOND', got: pair[0] })
  }
  return { pairs: [...claims], text: 'Pairs that were named for this audit.' }
}

/**
 * The claims of an audit.
 * @param claims pairs that were asked for; absent: those that are known of the population
 * @param data dataset folder of the run
 * @returns null where nothing is claimed
 * @throws GlasscoreError('usage') for names that are no factors
 */
export const opacityClaims = async (
  claims: readonly (readonly [string, string])[] | undefined,
  data: string,
  factors: readonly string[],
): Promise<OpacityReport['claims']> => {
  if (claims && claims.length > 0) return named(claims, factors)
  if (!POPULATION_PAIR.every((name) => factors.includes(name)) || !(await hasTruth(data))) return null
  const { head } = await openTruth(data)
  const switches = head.details['switches'] as Partial<{ interaction: number; interactionForm: string }> | undefined
  if (head.kind !== 'causal' || switches?.interaction === undefined) return null
  return {
    pairs: [POPULATION_PAIR],
    text:
      switches.interaction > 0
        ? `The sealed truth of these people has the interaction turned on in its ${switches.interactionForm} form: baby products, which stand for responsibility, and donations.`
        : 'The sealed truth of these people has the interaction turned off: baby products, which stand for responsibility, and donations should not stand out.',
  }
}
