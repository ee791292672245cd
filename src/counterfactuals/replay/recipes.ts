/** Every factor of the catalogue: the recipe that makes rows of it, or why there is none. */
import { balances } from './balances.ts'
import { bookings } from './bookings.ts'
import { credit } from './credit.ts'
import { enquiries } from './enquiries.ts'
import type { Recipe } from './recipe.ts'
import { registrations } from './registrations.ts'
import { transactions } from './transactions.ts'

/** In the order in which they are applied; no table is written by two of them. */
export const RECIPES: readonly Recipe[] = [enquiries, credit, transactions, bookings, balances, registrations]

const INFERRED = 'another model claims it: no event of the person makes it'
const OTHERS = 'it depends on other people'

/** Factors without a recipe, each with the reason. */
export const NO_RECIPE: Readonly<Record<string, string>> = {
  car_likelihood: INFERRED,
  house_likelihood: INFERRED,
  contact_stability_1y: OTHERS,
  social_influence_index: OTHERS,
  credit_environment_index: OTHERS,
}
