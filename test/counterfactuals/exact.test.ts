import { describe, expect, it } from 'vitest'
import { counterfactualSearch } from '../../src/counterfactuals/counterfactualSearch.ts'
import { makeMoves } from '../../src/counterfactuals/makeMoves.ts'
import { modelCuts } from '../../src/counterfactuals/modelCuts.ts'
import { changeReference } from '../../src/counterfactuals/reference.ts'
import type { Relaxation } from '../../src/counterfactuals/relaxation.ts'
import { relaxationOf } from '../../src/counterfactuals/relaxationOf.ts'
import { search } from '../../src/counterfactuals/search.ts'
import { checkSettings } from '../../src/counterfactuals/settings.ts'
import { rootBox } from '../../src/counterfactuals/variable.ts'
import { scoreFrame } from '../../src/scores/scorer.ts'
import { random } from '../../src/util/random.ts'
import { type BruteOptions, bruteForce } from './bruteForce.ts'
import { RULES, type SmallKind, smallFrame, smallScorer } from './smallWorld.ts'

const KINDS: readonly SmallKind[] = ['linear', 'tree', 'forest', 'probability', 'boosting']
const SEEDS = 20

const world = (kind: SmallKind, seed: number) => {
  const stream = random(seed).fork(kind)
  const frame = smallFrame(60, stream.fork('people'))
  const scorer = smallScorer(kind, frame, stream.fork('model'))
  const { score } = scoreFrame(scorer, frame)
  const rows = Array.from(score.keys()).filter((i) => score[i]! < 900)
  const row = rows[stream.integer(rows.length)]!
  const options: BruteOptions = {
    cutoff: score[row]! + 1 + stream.integer(50),
    months: stream.integer(4),
    perFactor: stream.integer(2) * 0.25,
    perMonth: 0.2,
    perCategory: 1.3,
    weights: { visits: 0.5, late: 2 },
    // Some factors stay, so that there are few enough changes to try them all.
    fix: ['visits', 'paid', 'job', 'owed_1m', 'owed_2m', 'share', 'gift'].filter(() => stream.integer(2) === 0),
    rules: RULES,
  }
  return { frame, scorer, row, reference: changeReference(frame), options }
}

type World = ReturnType<typeof world>

const bruteCost = ({ frame, scorer, row, reference, options }: World, fix: readonly string[] = []): number =>
  bruteForce(scorer, frame, row, reference, { ...options, fix: [...options.fix, ...fix] })

const worlds = (kind: SmallKind): World[] => Array.from({ length: SEEDS }, (_, seed) => world(kind, seed))

describe.each(KINDS)('counterfactuals of a %s', (kind) => {
  it('cost what the cheapest of all allowed changes costs, and are proved to be missing where none reaches', () => {
    const answers = { found: 0, none: 0 }
    worlds(kind).forEach((w, seed) => {
      const { frame, scorer, row, reference, options } = w
      const about = `${kind} of seed ${seed}`
      const expected = bruteCost(w)
      const {
        answer,
        options: found,
        after,
      } = counterfactualSearch(scorer, reference, { ...options, options: 2 })(frame, row)
      const [first, second] = found
      expect(answer, about).toBe(expected === Number.POSITIVE_INFINITY ? 'none' : 'found')
      if (!first) {
        answers.none++
        return
      }
      answers.found++
      expect(first.cost, about).toBeCloseTo(expected, 9)
      expect([first.proved, first.gap], about).toEqual([true, 0])
      expect(first.score, about).toBeGreaterThanOrEqual(options.cutoff)
      // The second leaves alone what the first changes; where that is the clock alone, nothing may take time.
      const moved = first.changes.filter(({ by }) => by === 'person').map(({ factor }) => factor)
      if (moved.length === 0) return
      const next = bruteCost(w, moved)
      if (second) expect(second.cost, about).toBeCloseTo(next, 9)
      else expect([next, after], about).toEqual([Number.POSITIVE_INFINITY, 'none'])
    })
    // Both answers must have been asked for.
    expect(answers.found).toBeGreaterThan(3)
    expect(answers.none).toBeGreaterThan(0)
  })
})

/** The search with a relaxation of the test's own making. */
const searched = ({ frame, scorer, row, reference, options }: World, spoil: (r: Relaxation) => Relaxation): number => {
  const settings = checkSettings(scorer, options)
  const cuts = modelCuts(scorer)
  const moves = makeMoves({ encoding: scorer.encoding, cuts, reference, settings, frame, row })
  const relaxation = relaxationOf(scorer, frame, row, moves, options.cutoff)
  return search(moves, rootBox(moves, new Set()), spoil(relaxation), 20_000).cost
}

/** Worlds in which a cost differs from that of trying everything. */
const wrong = (all: readonly World[], costOf: (w: World) => number): number =>
  all.filter((w) => {
    const [cost, expected] = [costOf(w), bruteCost(w)]
    return cost !== expected && !(Math.abs(cost - expected) < 1e-9)
  }).length

describe('broken twins', () => {
  const all = [...worlds('forest'), ...worlds('boosting'), ...worlds('linear')]

  it('search without a first point, and with no bound but costs, finds the same', () => {
    expect(wrong(all, (w) => searched(w, (r) => r))).toBe(0)
    const blind = (r: Relaxation): Relaxation => ({
      ...r,
      bound: (box, point, limit) => {
        const relaxed = r.bound(box, point, limit)
        return relaxed.variable < 0 ? relaxed : { ...relaxed, cost: 0 }
      },
    })
    expect(wrong(all.slice(0, SEEDS), (w) => searched(w, blind))).toBe(0)
  })

  it('a bound that claims too much is caught', () => {
    const boastful = (r: Relaxation): Relaxation => ({
      ...r,
      bound: (box, point, limit) => {
        const { guess: _, ...relaxed } = r.bound(box, point, limit)
        return { ...relaxed, cost: 2 * relaxed.cost + 0.1 }
      },
    })
    expect(wrong(all, (w) => searched(w, boastful))).toBeGreaterThan(0)
  })

  it('a one-way factor that goes both ways is caught, and so are an immutable one that moves and a link that is forgotten', () => {
    const twin = (rules: typeof RULES) => (w: World) => {
      const find = counterfactualSearch(w.scorer, w.reference, { ...w.options, rules, options: 1 })
      return find(w.frame, w.row).options[0]?.cost ?? Number.POSITIVE_INFINITY
    }
    const changed = (name: string, change: 'free'): typeof RULES => ({
      ...RULES,
      rules: { ...RULES.rules, [name]: { ...RULES.rules[name], change } },
    })
    expect(wrong(all, twin(changed('late', 'free')))).toBeGreaterThan(0)
    expect(wrong(all, twin(changed('born', 'free')))).toBeGreaterThan(0)
    expect(wrong(all, twin({ ...RULES, links: [] }))).toBeGreaterThan(0)
  })

  it('a rate that is ignored is caught', () => {
    const { maxChangePerMonth: _, ...paid } = RULES.rules['paid']!
    const rules = { ...RULES, rules: { ...RULES.rules, paid } }
    const cost = (w: World) =>
      counterfactualSearch(w.scorer, w.reference, { ...w.options, rules, options: 1 })(w.frame, w.row).options[0]
        ?.cost ?? Number.POSITIVE_INFINITY
    expect(wrong(all, cost)).toBeGreaterThan(0)
  })
})
