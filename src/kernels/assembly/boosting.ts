// Gradient boosting, as its driver calls it.
export { boostingStore } from './boostingStore'
export { boostingTree } from './boostingTree'
