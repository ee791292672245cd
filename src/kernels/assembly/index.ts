// The kernels that run as WebAssembly; each has a readable twin in TypeScript (see docs/kernels.md).
export * from './sums'
