// The kernels that run as WebAssembly; each has a readable twin in TypeScript (see docs/kernels.md).
export { boostingStore, boostingTree } from './boosting'
export { binTile, countTile, mapTile, memberTile } from './binning'
export { exp, log, log1p, sigmoid, sigmoids, softplus } from './elementary'
export { sketchAdd, sketchClear, sketchMasses } from './quantileSketch'
export { distinctRuns, sortNumbers } from './sortNumbers'
export { sumOf, teamFail, teamSum } from './sums'
export {
  logisticClear,
  logisticDouble,
  logisticNarrow,
  logisticReach,
  logisticSingle,
  logisticStandardize,
} from './logistic'
export { take as teamTake } from './team'
export * from './ranks'
export * from './predict'
export * from './shapNodes'
export * from './shapRows'
export * from './shapTables'
export * from './shapLookup'
export { interventionalCount, interventionalLookup, interventionalScratch } from './interventionalWalk'
export { interventionalTables, interventionalWork } from './interventionalTables'
export { growTree, grownSets } from './treeGrow'
export { addOutOfBag, copyRowMajor } from './treeVotes'
