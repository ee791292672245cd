import { describe, expect, it } from 'vitest'
import { screenFactors, screenWarnings } from '../../src/comparison/screenFactors.ts'
import { auc } from '../../src/metrics/auc.ts'
import { random } from '../../src/util/random.ts'
import { frameOf } from '../matrix/helpers.ts'

const n = 2000
const stream = random(4)
const target = Uint8Array.from({ length: n }, () => (stream.next() < 0.1 ? 1 : 0))
const noise = Array.from({ length: n }, () => stream.normal())
const honest = Array.from(target, (t, i) => t + 1.5 * noise[i]!)
const future = Array.from(target, (t) => t * 100 + stream.normal())
const reversed = future.map((v) => -v)
const code = Array.from(target, (t) => (t ? 'closed' : stream.next() < 0.5 ? 'open' : 'new'))
const onlyAfter = Array.from(target, (t) => (t ? 1 : Number.NaN))

describe('screenFactors', () => {
  const frame = frameOf({ noise, honest, future, reversed, code, onlyAfter })

  it('warns of factors that know the outcome, in either direction, as categories, or by being missing', () => {
    const warned = screenWarnings(screenFactors(frame, target))
    expect(warned.map((w) => w.split(' ')[0]).sort()).toEqual(['code', 'future', 'onlyAfter', 'reversed'])
    expect(warned[0]).toMatch(/AUC of 1\.000 \(2000 rows\): is it known at the observation date\?/)
  })

  it('counts missing values as the ranking of "is missing" does, in either direction', () => {
    const holes = (rate: (bad: boolean) => number) =>
      Array.from(target, (t) => (stream.next() < rate(t === 1) ? Number.NaN : 0))
    for (const values of [holes((bad) => (bad ? 0.8 : 0.3)), holes((bad) => (bad ? 0.1 : 0.6))]) {
      const direct = auc(
        values.map((v) => (Number.isNaN(v) ? 1 : 0)),
        target,
      )
      const [screen] = screenFactors(frameOf({ values }), target)
      expect(screen!.auc).toBeCloseTo(Math.max(direct, 1 - direct), 12)
      expect(screen!.rows).toBe(n)
    }
  })

  it('says 0.5 of a target with one outcome', () => {
    const screens = screenFactors(frameOf({ noise, code, onlyAfter }), new Uint8Array(n))
    expect(screens.map((s) => s.auc)).toEqual([0.5, 0.5, 0.5])
  })

  it('is silent about honest factors', () => {
    const screens = screenFactors(frameOf({ noise, honest }), target)
    expect(screenWarnings(screens)).toEqual([])
    // normal shift of 1 over a deviation of 1.5: AUC = Phi(1 / (1.5 sqrt 2)) = 0.68; 200 bads give a standard error of 0.02
    expect(screens[0]!.auc).toBeGreaterThan(0.62)
    expect(screens[0]!.auc).toBeLessThan(0.74)
  })
})
