/** How a year's consumption lies in its regions: sums of the windows, the tier of the year, and how much the months vary. */
import { CONSUMPTION_TIER_EDGES } from '../../features/consumptionTiers.ts'
import { REGIONS } from './paymentClasses.ts'
import { cents, nestedSums, type Wanted } from './wanted.ts'

const SUMS = ['consumption_1m', 'consumption_3m', 'consumption_6m']
const VARIABILITY = 'consumption_variability_1y'

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const slicesOf = (regions: readonly number[]): number[] => {
  const slices = new Array<number>(12).fill(0)
  REGIONS.forEach(({ slice }, r) => {
    slices[slice]! += regions[r]!
  })
  return slices
}

/** Standard deviation over mean of the twelve months. */
const variabilityOf = (regions: readonly number[]): number => {
  const slices = slicesOf(regions)
  const total = sum(slices)
  const squares = sum(slices.map((x) => x * x))
  return total === 0 ? Number.NaN : Math.sqrt(Math.max(0, 12 * squares - total * total)) / total
}

const inBucket = (bucket: number): number[] => REGIONS.flatMap((region, r) => (region.bucket === bucket ? [r] : []))

/** The largest region of each slice of a bucket: where money is put that has no rows to follow. */
const mainRegions = (bucket: number): number[] => {
  const found = new Map<number, number>()
  for (const r of inBucket(bucket)) {
    const { slice, upTo, after } = REGIONS[r]!
    const other = found.get(slice)
    if (other === undefined || upTo - after > REGIONS[other]!.upTo - REGIONS[other]!.after) found.set(slice, r)
  }
  return [...found.values()]
}

/** Own regions in the proportions that they have, so that every bucket comes to its sum. */
const proportional = (own: readonly number[], buckets: readonly number[]): number[] => {
  const out = new Array<number>(REGIONS.length).fill(0)
  buckets.forEach((target, b) => {
    const regions = inBucket(b)
    const before = sum(regions.map((r) => own[r]!))
    const main = mainRegions(b)
    for (const r of regions)
      out[r] = before > 0 ? (own[r]! * target) / before : main.includes(r) ? target / main.length : 0
  })
  return out
}

const mix = (a: readonly number[], b: readonly number[], share: number): number[] =>
  a.map((x, r) => x + share * (b[r]! - x))

/** The mix of two plans, as near to the first as may be, whose months vary as wanted; undefined where none does. */
const mixed = (from: readonly number[], to: readonly number[], wanted: number): number[] | undefined => {
  const falls = variabilityOf(from) > wanted
  if (falls ? variabilityOf(to) > wanted : variabilityOf(to) < wanted) return undefined
  let [low, high] = [0, 1]
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2
    if (variabilityOf(mix(from, to, middle)) > wanted === falls) low = middle
    else high = middle
  }
  return mix(from, to, high)
}

/** Every bucket even over its months, beside what its short ends hold. */
const even = (buckets: readonly number[]): number[] => {
  const out = new Array<number>(REGIONS.length).fill(0)
  // A month that two buckets share is filled by the later one first.
  const level = new Array<number>(12).fill(0)
  buckets.forEach((target, b) => {
    const main = mainRegions(b)
    // Water is poured into the lowest months of the bucket.
    let left = target
    const order = [...main].sort((x, y) => level[REGIONS[x]!.slice]! - level[REGIONS[y]!.slice]!)
    for (let k = 0; k < order.length && left > 0; k++) {
      const here = level[REGIONS[order[k]!]!.slice]!
      const next = k + 1 < order.length ? level[REGIONS[order[k + 1]!]!.slice]! : Number.POSITIVE_INFINITY
      const each = Math.min(left / (k + 1), next - here)
      for (const r of order.slice(0, k + 1)) {
        out[r]! += each
        level[REGIONS[r]!.slice]! += each
      }
      left -= each * (k + 1)
    }
  })
  return out
}

/** Every bucket in one month; the last one in month `slice`. */
const heaped = (buckets: readonly number[], slice: number): number[] => {
  const out = new Array<number>(REGIONS.length).fill(0)
  buckets.forEach((target, b) => {
    const main = mainRegions(b)
    const at = b === 3 ? main.find((r) => REGIONS[r]!.slice === slice) : main[0]
    out[at ?? main[0]!] = target
  })
  return out
}

/** Whole cents, in every bucket the same sum. */
const rounded = (regions: readonly number[], buckets: readonly number[]): number[] => {
  const out = regions.map((x) => Math.max(0, Math.round(x)))
  buckets.forEach((target, b) => {
    const here = inBucket(b)
    const largest = here.reduce((a, r) => (out[r]! > out[a]! ? r : a), here[0]!)
    out[largest]! += target - sum(here.map((r) => out[r]!))
  })
  return out
}

/** Yearly sums to try, the best first: the older half year as it is, the year as it is, then others that the tier allows. */
const yearsToTry = (own: readonly number[], half: number, tier: [number, number], most: number): number[] => {
  const high = Math.max(0, Math.min(tier[1], most))
  // The tier gives way where the amount of the year is moved below it.
  const low = Math.min(tier[0], high)
  const ownYear = sum(own)
  const ownHalf = sum(own.filter((_, r) => REGIONS[r]!.bucket < 3))
  const inside = (year: number): number => Math.max(half, Math.min(high, Math.max(low, year)))
  const kept = inside(ownYear - ownHalf + half)
  const top = Math.min(high, Math.max(ownYear, half) * 3)
  const grid = Array.from({ length: 41 }, (_, k) => inside(Math.round(low + ((top - low) * k) / 40)))
  return [kept, inside(ownYear), ...grid.sort((a, b) => Math.abs(a - kept) - Math.abs(b - kept))]
}

/** Cents a year that the wanted tier allows. */
const tierRange = (wanted: Wanted): [number, number] => {
  const tier = wanted.number('consumption_tier')
  if (Number.isNaN(tier)) return [0, Number.POSITIVE_INFINITY]
  const edge = (k: number): number => cents(CONSUMPTION_TIER_EDGES[k] ?? Number.POSITIVE_INFINITY)
  return [tier <= 1 ? 0 : edge(tier - 2) + 1, edge(tier - 1)]
}

const PAYMENTS = ['payments_total_1m', 'payments_total_3m', 'payments_total_6m']

/** Payments of the three windows, cents. */
export const paymentSums = (wanted: Wanted): number[] =>
  nestedSums(
    PAYMENTS.map((f) => cents(wanted.number(f))),
    PAYMENTS.map((f) => wanted.moved(f)),
    wanted.givesWay,
  )

/** Consumption of the three windows; where payments are moved below it, it gives way unless it is moved itself. */
const windowSums = (wanted: Wanted): [number, number, number] => {
  const sums = nestedSums(
    SUMS.map((f) => cents(wanted.number(f))),
    SUMS.map((f) => wanted.moved(f)),
    wanted.givesWay,
  )
  if (wanted.moved(...PAYMENTS)) {
    const paid = paymentSums(wanted)
    sums.forEach((sum, k) => {
      const most = (sums[k - 1] ?? 0) + paid[k]! - (paid[k - 1] ?? 0)
      if (sum > most && !wanted.moved(SUMS[k]!)) sums[k] = most
    })
    for (let k = 1; k < sums.length; k++) sums[k] = Math.max(sums[k]!, sums[k - 1]!)
  }
  if (wanted.moved('consumption_tier') && !wanted.moved(...SUMS)) {
    const most = tierRange(wanted)[1]
    sums.forEach((sum, k) => {
      sums[k] = Math.min(sum, most)
    })
  }
  return sums as [number, number, number]
}

/**
 * Cents of consumption of every region.
 * @param own what the person spent in each
 * @param most that the year may come to, if the tier allows it
 */
export const planConsumption = (own: readonly number[], wanted: Wanted, most: number): number[] => {
  const [m1, m3, m6] = windowSums(wanted)
  const target = wanted.number(VARIABILITY)
  let first: number[] | undefined
  for (const year of yearsToTry(own, m6, tierRange(wanted), most)) {
    const buckets = [m1, m3 - m1, m6 - m3, year - m6]
    const plan = proportional(own, buckets)
    first ??= rounded(plan, buckets)
    if (Number.isNaN(target) || Math.abs(variabilityOf(plan) - target) < 1e-9) return rounded(plan, buckets)
    const ends = variabilityOf(plan) > target ? [even(buckets)] : [11, 10, 9, 8, 7, 6, 5].map((s) => heaped(buckets, s))
    for (const end of ends) {
      const found = mixed(plan, end, target)
      if (found) return rounded(found, buckets)
    }
  }
  return first!
}
