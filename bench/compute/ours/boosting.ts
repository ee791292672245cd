import { type Adapter, NotYet } from '../adapter.ts'

export const run: Adapter['run'] = async () => {
  throw new NotYet('glasscore has no boosting yet')
}
