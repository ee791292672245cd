// How long a move takes in pages of persons: node scripts/time-person-page.mjs FILE.html ...
// 50 moves of the first 25 sliders after 25 to warm up, in headless Chromium without a graphics card. Two figures: the time of the processor on the
// main thread, drawing included, as the mean of a move; and the shortest of working a move out and putting it into the page.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

const executablePath =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
const move = async (count) => {
  const name = 'glasscore move'
  const sliders = [...document.querySelectorAll('input[type=range]:not(:disabled)')].slice(0, 25)
  let done = performance.getEntriesByName(name).length
  for (let k = 0; k < count; k++) {
    const slider = sliders[k % sliders.length]
    slider.value = String(Number(slider.value) + (k < 25 ? 3 : 6))
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    done++
    while (performance.getEntriesByName(name).length < done) await new Promise(requestAnimationFrame)
  }
  return performance
    .getEntriesByName(name)
    .slice(-count)
    .map(({ duration }) => duration)
}
for (const file of process.argv.slice(2)) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(pathToFileURL(resolve(file)).href)
  await page.waitForSelector('html[data-ready]')
  const used = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration').value
  }
  await page.evaluate(move, 25)
  const before = await used()
  const durations = await page.evaluate(move, 50)
  const processor = (1000 * ((await used()) - before)) / 50
  durations.sort((a, b) => a - b)
  console.log(
    `${file}: processor ${processor.toFixed(1)} ms a move; worked out in ${durations[0].toFixed(1)} ms at best, ${durations[25].toFixed(1)} ms in the middle`,
  )
  await page.close()
}
await browser.close()
