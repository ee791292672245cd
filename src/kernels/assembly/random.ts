// The generator of kernels/numbers/generator.ts (sfc32), one a thread: it is seeded before every piece of work.

let a: u32 = 0
let b: u32 = 0
let c: u32 = 0
let counter: u32 = 1

export function seed(key0: u32, key1: u32, key2: u32, key3: u32): void {
  a = key0
  b = key1
  c = key2 ^ (key3 * 0x9e3779b1)
  counter = 1
  for (let i = 0; i < 15; i++) next()
}

/** uniform on 0..2^32 - 1 */
@inline
export function next(): u32 {
  const t = a + b + counter
  counter++
  a = b ^ (b >> 9)
  b = c + (c << 3)
  c = ((c << 21) | (c >> 11)) + t
  return t
}

/** uniform on 0..n - 1 */
@inline
export function below(n: u32): u32 {
  return <u32>((<f64>next() / 4294967296.0) * <f64>n)
}
