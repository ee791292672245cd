// The kernels that run as WebAssembly; each has a readable twin in TypeScript (see docs/kernels.md).
export { exp, log, log1p, sigmoid, sigmoids, softplus } from './elementary'
export { sumOf, teamFail, teamSum } from './sums'
export * from './ranks'
export * from './predict'
export * from './shapNodes'
export * from './shapRows'
export * from './shapTables'
export * from './shapLookup'
