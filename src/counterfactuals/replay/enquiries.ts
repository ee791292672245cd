/** Institutions visited: distinct institutions that were asked within 30, 90 and 180 days. */
import { ageOf, DAY, type Enquiry, type History, newId, noon } from './history.ts'
import type { Recipe } from './recipe.ts'
import { nestedSums } from './wanted.ts'

const FACTORS = ['institutions_visited_1m', 'institutions_visited_3m', 'institutions_visited_6m'] as const
const WINDOWS = [30, 90, 180] as const
/** Days of age in the middle of what each window adds to the one before. */
const MIDDLE = [15, 60, 135] as const

const isOwn = ({ purpose }: Enquiry): boolean => purpose === 'application' || purpose === 'authorization'

/** Window in which the latest enquiry of each institution lies, by institution. */
const latest = (history: History): Map<string, number> => {
  const ages = new Map<string, number>()
  for (const row of history.enquiries) {
    const age = ageOf(history, row.enquired_at)
    if (!isOwn(row) || age <= 0 || age > 180 * DAY) continue
    ages.set(row.institution_id, Math.min(age, ages.get(row.institution_id) ?? Number.POSITIVE_INFINITY))
  }
  return new Map([...ages].map(([id, age]) => [id, WINDOWS.findIndex((days) => age <= days * DAY)]))
}

const apply: Recipe['apply'] = (history, wanted) => {
  if (!wanted.moved(...FACTORS)) return
  const sums = nestedSums(
    FACTORS.map((f) => wanted.number(f)),
    FACTORS.map((f) => wanted.moved(f)),
    wanted.givesWay,
  )
  const found = latest(history)
  let added = 0
  sums.forEach((sum, k) => {
    const target = sum - (sums[k - 1] ?? 0)
    const here = [...found].filter(([, window]) => window === k).map(([id]) => id)
    const away = new Set(here.sort().slice(target))
    history.enquiries = history.enquiries.filter(
      (row) => !(isOwn(row) && away.has(row.institution_id) && ageOf(history, row.enquired_at) <= 180 * DAY),
    )
    for (let n = here.length; n < target; n++) {
      added++
      history.enquiries.push({
        own: -1,
        enquiry_id: newId('enquiry', added),
        institution_id: newId('institution', added),
        enquired_at: noon(history, MIDDLE[k]!),
        purpose: 'application',
      })
    }
  })
}

export const enquiries: Recipe = {
  name: 'enquiries',
  about: 'enquiries at an institution are left out, or one at another institution is added',
  factors: FACTORS,
  tables: ['enquiries'],
  apply,
}
