/** Stretches of at most `size` from `from` to `to` - 1, in order: the parts of a job. */
export const stretches = (from: number, to: number, size: number): { from: number; to: number }[] =>
  Array.from({ length: Math.ceil((to - from) / size) }, (_, k) => ({
    from: from + k * size,
    to: Math.min(to, from + (k + 1) * size),
  }))
