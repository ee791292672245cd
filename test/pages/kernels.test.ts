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

  it('give the figures that they give in Node', async () => {
    const script = classicScript(['threads/inlinePool.js', 'kernels/memory/space.js'])
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
    expect(there.figures.split(' ')).toHaveLength(4001)
  })
})
