import { z } from 'zod'
import type { OutcomeDefinition } from './outcome.ts'

/** An outcome definition as the descriptions of folders hold it. */
export const outcomeSchema: z.ZodType<OutcomeDefinition> = z.strictObject({
  name: z.string(),
  text: z.string(),
  performanceWindowDays: z.number(),
  badDaysPastDue: z.number(),
  indeterminateDaysPastDue: z.number(),
  eligibleWindowDays: z.number(),
})
