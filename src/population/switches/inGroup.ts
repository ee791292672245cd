import type { Person } from '../person.ts'
import type { SwitchGroup } from '../switches.ts'

/** Whether a person is one of those whom switches on a group are about. */
export const inGroup = (person: Person, group: SwitchGroup): boolean =>
  group === 'migrant' ? person.migrant : person.sex === 1
