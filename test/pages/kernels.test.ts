/** The compiled kernels in a page that was opened from a file: on plain memory, in one thread, with the results of Node. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBrowser, openBrowser } from './browser.ts'
import { classicScript } from './classicScript.ts'

const executable = findBrowser()
if (!executable) console.log('skipped: there is no Chromium here; set CHROMIUM to its path')

/** Runs in the page and in Node alike: sums, and probabilities of many margins, as text. */
const work = `async (load) => {
  const { InlinePool } = load('threads/inlinePool.js')
  const { Arena } = load('kernels/memory/space.js')
  const pool = new InlinePool({ kernels: 'wasm' })
  const arena = new Arena(pool.space)
  const values = Float64Array.from({ length: 4000 }, (_, i) => ((i * 7919) % 4001) / 100 - 20)
  const address = arena.copy(values)
  const shared = { values: address, count: 4000, stretch: 64, sums: arena.take(8 * 63), control: arena.copy(new Uint8Array(64)) }
  const sums = await pool.team('sumTeam', shared, {})
  const out = arena.take(8 * 4000)
  pool.core.kernels.sigmoids(address, 4000, out)
  const figures = [...sums, ...pool.space.doubles(out, 4000)]
  return { shared: pool.space.shared, isolated: globalThis.crossOriginIsolated ?? false, figures: figures.map(String).join(' ') }
}`

/** Likewise a forest, a boosting and a logistic regression on 3,000 rows with gaps and categories, their predictions and Shapley values. */
const learning = `async (load) => {
  const { InlinePool } = load('threads/inlinePool.js')
  const { binMatrix } = load('kernels/binning/binMatrix.js')
  const { growForest } = load('kernels/trees/growForest.js')
  const { trainBoosting } = load('kernels/boosting/trainBoosting.js')
  const { fitLogisticOn } = load('kernels/logistic/logistic.js')
  const { explainTreesOn, planTreeGame } = load('kernels/shap/explainTrees.js')
  const { sumLeavesOn } = load('kernels/trees/sumLeaves.js')
  const { Generator } = load('kernels/numbers/generator.js')
  const pool = new InlinePool({ kernels: 'wasm' })
  const [rows, columns] = [3000, 6]
  const generator = new Generator(Uint32Array.of(1, 2, 3, 4))
  const uniform = () => generator.below(65536) / 65536
  const full = Float64Array.from({ length: rows * columns }, (_, k) => (k < 5 * rows ? uniform() - 0.5 : generator.below(9)))
  const target = Uint8Array.from({ length: rows }, (_, i) => (full[i] + full[rows + i] * (full[5 * rows + i] - 4) > uniform() - 0.2 ? 1 : 0))
  const values = full.map((x, k) => (k < rows && k % 7 === 3 ? NaN : x))
  const matrix = await binMatrix({ values, rows, columns }, pool, { categories: [5] })
  const keys = (n) => Uint32Array.from({ length: 4 * n }, (_, k) => k + 1)
  const growth = {
    criterion: 'gini', splitter: 'best', maxDepth: 8, maxLeaves: Infinity, minLeaf: 5, minImpurityDecrease: 0, features: 2,
    smoothing: { strength: 5, rate: 0.3 }, output: 'logOdds',
  }
  const bag = { sampleRatio: 1, replace: true }
  const forest = await growForest(pool, { matrix, target, growth, bag, outOfBag: true }, keys(10))
  const boosting = await trainBoosting(
    matrix,
    { target, monotone: new Int8Array(columns), keys: (round) => Uint32Array.of(round, 5, 6, 7) },
    {
      rounds: 10, learningRate: 0.1, sampleRatio: 0.8, columnsATree: 4, patience: 5, maxLeaves: 15, maxDepth: Infinity, minLeaf: 10,
      minHessian: 0.001, lambda: 1, minGain: 0, growth: 'leaf', columnsANode: Infinity, oneHot: 4, mostSorted: 32,
      minCategory: 10, categorySmooth: 10, categoryLambda: 10,
    },
    pool,
  )
  const logistic = await fitLogisticOn(pool, { values: full, rows, columns, target }, { l2: 1 })
  const figures = [logistic.intercept, ...logistic.coefficients, ...logistic.standardErrors.penalized, ...forest.outOfBag.sum]
  for (const trees of [forest.trees, boosting.trees]) {
    const plan = planTreeGame({ trees, playerOfColumn: Int32Array.from({ length: columns }, (_, j) => j), players: columns, rows: 500 })
    figures.push(...(await sumLeavesOn(trees, { values, rows }, pool)))
    figures.push(...(await explainTreesOn(plan, { values, rows }, { from: 0, to: 500 }, pool)))
  }
  return { shared: pool.space.shared, isolated: globalThis.crossOriginIsolated ?? false, figures: figures.map(String).join(' ') }
}`

interface Outcome {
  shared: boolean
  isolated: boolean
  figures: string
}

describe.skipIf(!executable)('the compiled kernels in a page opened from a file', () => {
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    browser = await openBrowser(executable!)
    folder = mkdtempSync(join(tmpdir(), 'glasscore-page-'))
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each([
    ['sums and probabilities', work, ['threads/inlinePool.js', 'kernels/memory/space.js'], 4001],
    [
      'learners, predictions and attributions',
      learning,
      [
        'threads/inlinePool.js',
        'kernels/binning/binMatrix.js',
        'kernels/trees/growForest.js',
        'kernels/boosting/trainBoosting.js',
        'kernels/logistic/logistic.js',
        'kernels/shap/explainTrees.js',
        'kernels/trees/sumLeaves.js',
        'kernels/numbers/generator.js',
      ],
      14 + 3000 + 2 * (3000 + 6 * 500),
    ],
  ])('%s: the figures that they give in Node', async (_, work, modules, count) => {
    const script = classicScript(modules)
    const file = join(folder, 'kernels.html')
    writeFileSync(file, `<!doctype html><meta charset="utf-8"><title>kernels</title><script>${script}</script>`)
    const page = await browser.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => problems.push(message.text()))
    await page.goto(pathToFileURL(file).href)
    const there = (await page.evaluate(`(${work})(load)`)) as Outcome
    const here = (await new Function(`${script}; return (${work})(load)`)()) as Outcome
    expect(problems).toEqual([])
    expect(there.shared).toBe(false)
    expect(there.isolated).toBe(false)
    expect(there.figures).toBe(here.figures)
    const figures = there.figures.split(' ').map(Number)
    expect(figures).toHaveLength(count)
    expect(figures.every(Number.isFinite)).toBe(true)
    expect(new Set(figures).size).toBeGreaterThan(count / 20)
  })
})
