import { describe, expect, it } from 'vitest'
import { screenFactors, screenWarnings } from '../../src/comparison/screenFactors.ts'
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

  it('is silent about honest factors', () => {
    const screens = screenFactors(frameOf({ noise, honest }), target)
    expect(screenWarnings(screens)).toEqual([])
    // normal shift of 1 over a deviation of 1.5: AUC = Phi(1 / (1.5 sqrt 2)) = 0.68; 200 bads give a standard error of 0.02
    expect(screens[0]!.auc).toBeGreaterThan(0.62)
    expect(screens[0]!.auc).toBeLessThan(0.74)
  })
})
