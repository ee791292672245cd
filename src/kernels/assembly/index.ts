// The kernels that run as WebAssembly; each has a readable twin in TypeScript (see docs/kernels.md).
export { boostingStore, boostingTree } from './boosting'
export { exp, log, log1p, sigmoid, sigmoids, softplus } from './elementary'
export { sumOf, teamFail, teamSum } from './sums'
