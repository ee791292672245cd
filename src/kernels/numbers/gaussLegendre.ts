/**
 * Nodes and weights of Gauss-Legendre quadrature on [0, 1]: with n points, integrals of polynomials up to degree 2n - 1 are
 * exact. Roots of the Legendre polynomial by Newton's method from Tricomi's estimate
 * (Press et al., Numerical Recipes, 3rd ed., 4.6.1). Points ascend; weights sum to 1.
 */
export const gaussLegendre = (n: number): { points: Float64Array; weights: Float64Array } => {
  const points = new Float64Array(n)
  const weights = new Float64Array(n)
  for (let i = 0; i < (n + 1) >> 1; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    let slope = 0
    for (let step = 0; step < 100; step++) {
      let p = 1
      let before = 0
      for (let j = 0; j < n; j++) {
        const older = before
        before = p
        p = ((2 * j + 1) * x * before - j * older) / (j + 1)
      }
      slope = (n * (x * p - before)) / (x * x - 1)
      const shift = p / slope
      x -= shift
      if (Math.abs(shift) < 1e-15) break
    }
    // An odd rule has its middle point at the center exactly.
    if (2 * i + 1 === n) x = 0
    const weight = 1 / ((1 - x * x) * slope * slope)
    points[i] = 0.5 * (1 - x)
    points[n - 1 - i] = 0.5 * (1 + x)
    weights[i] = weight
    weights[n - 1 - i] = weight
  }
  return { points, weights }
}
