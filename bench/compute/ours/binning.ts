import { type Adapter, NotYet } from '../adapter.ts'

export const run: Adapter['run'] = async () => {
  throw new NotYet('binning has no entry of its own yet')
}
