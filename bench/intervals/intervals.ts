// How often 95 % intervals cover the truth where it is known: normal scores, bads shifted by d against goods, so that KS is
// 2 Phi(d / 2) - 1 and the AUC is Phi(d / sqrt 2); and probabilities whose true log-odds are 0.8 times what they say.
// Usage: npx tsx bench/intervals/intervals.ts [TRIALS] [REPLICATES]
import { bootstrapReplicates, percentileInterval } from '../../src/metrics/bootstrap.ts'
import { delongInterval } from '../../src/metrics/delong.ts'
import { ksReplicates } from '../../src/metrics/ksInterval.ts'
import { weightedCalibrationLine } from '../../src/metrics/weightedCalibrationLine.ts'
import { random } from '../../src/util/random.ts'

const trials = Number(process.argv[2] ?? 1000)
const replicates = Number(process.argv[3] ?? 300)
const SIZES = [
  [60, 140],
  [76, 606],
  [360, 4580],
] as const

/** Standard normal distribution by Simpson's rule; errors below 1e-10. */
const phi = (x: number): number => {
  const steps = 2000
  const height = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)
  let sum = height(0) + height(x)
  for (let k = 1; k < steps; k++) sum += height((k * x) / steps) * (k % 2 ? 4 : 2)
  return 0.5 + (sum * x) / steps / 3
}
const inside = ({ low, high }: { low: number; high: number }, truth: number) => low <= truth && truth <= high
const show = (n: number) => `${((100 * n) / trials).toFixed(1)} %`

for (const [bads, goods] of SIZES) {
  const target = Uint8Array.from({ length: bads + goods }, (_, i) => (i < bads ? 1 : 0))
  for (const d of [0, 0.3, 1, 1.4, 2]) {
    const truth = { ks: 2 * phi(d / 2) - 1, auc: phi(d / Math.SQRT2) }
    const count = { own: 0, percentile: 0, reflected: 0, delong: 0 }
    const width = { own: 0, percentile: 0 }
    for (let t = 0; t < trials; t++) {
      const draw = random(`ranks ${bads} ${goods} ${d} ${t}`)
      const scores = Float64Array.from(target, (bad) => draw.normal() + d * bad)
      const distance = ksReplicates(scores, target)
      const drawn = bootstrapReplicates(distance.figures, { target, replicates, random: draw.fork('bootstrap') })
      const own = distance.read(drawn, 0.95)
      const percentile = percentileInterval(drawn[0]!)
      const reflected = { low: 2 * own.value - percentile.high, high: 2 * own.value - percentile.low }
      if (inside(own, truth.ks)) count.own++
      if (inside(percentile, truth.ks)) count.percentile++
      if (inside(reflected, truth.ks)) count.reflected++
      if (inside(delongInterval(scores, target), truth.auc)) count.delong++
      width.own += (own.high - own.low) / trials
      width.percentile += (percentile.high - percentile.low) / trials
    }
    console.log(
      `${bads} bads, ${goods} goods, KS ${truth.ks.toFixed(3)}: ours ${show(count.own)}, percentile ${show(count.percentile)}, ` +
        `reflected ${show(count.reflected)}; width ${width.own.toFixed(3)}, percentile ${width.percentile.toFixed(3)}; ` +
        `AUC ${truth.auc.toFixed(3)}: DeLong ${show(count.delong)}`,
    )
  }
  let covered = 0
  for (let t = 0; t < trials; t++) {
    const draw = random(`slope ${bads} ${goods} ${t}`)
    const rows = bads + goods
    const x = Float64Array.from({ length: rows }, () => 1.3 * draw.normal() - (2.8 * goods) / (goods + 4 * bads))
    const y = Uint8Array.from(x, (v) => (draw.next() < 1 / (1 + Math.exp(-0.8 * v)) ? 1 : 0))
    const line = weightedCalibrationLine(
      x.map((v) => 1 / (1 + Math.exp(-v))),
      y,
    )
    const drawn = bootstrapReplicates((w) => [line(w).slope], {
      target: y,
      replicates,
      random: draw.fork('bootstrap'),
    })
    if (inside(percentileInterval(drawn[0]!), 0.8)) covered++
  }
  console.log(`${bads + goods} rows: calibration slope, percentile ${show(covered)}`)
}
