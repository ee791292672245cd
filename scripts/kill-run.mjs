// Kills a run with SIGKILL at random moments, again and again, then lets it finish and compares every output with an
// undisturbed run. Usage: node scripts/kill-run.mjs PIPELINE WORK-FOLDER [kills] [longest wait in seconds]
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const [pipeline, work, kills = '20', longest = '60'] = process.argv.slice(2)
if (!pipeline || !work) throw new Error('usage: kill-run.mjs PIPELINE WORK-FOLDER [kills] [longest wait in seconds]')
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const STAGES = ['data', 'features', 'train', 'scores', 'receipts']
const run = (out) => [main, 'run', pipeline, '--out', out]

const hashes = (out) =>
  Object.fromEntries(STAGES.map((s) => [s, JSON.parse(readFileSync(join(out, s, 'manifest.json'), 'utf8')).outputs]))

const calm = join(work, 'undisturbed')
const killed = join(work, 'killed')
rmSync(killed, { recursive: true, force: true })
if (spawnSync(process.execPath, run(calm), { stdio: 'ignore' }).status !== 0)
  throw new Error('the undisturbed run failed')

let done = 0
const where = {}
while (done < Number(kills)) {
  const child = spawn(process.execPath, run(killed), { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)))
  const first = await Promise.race([ended, wait(1000 * Number(longest) * Math.random())])
  if (first !== undefined) {
    // It finished first: start over, so that early stages are killed too.
    rmSync(killed, { recursive: true, force: true })
    continue
  }
  child.kill('SIGKILL')
  await ended
  done++
  const stage =
    readdirSync(killed)
      .find((name) => /^[a-z]+\.tmp-/.test(name))
      ?.split('.')[0] ?? 'between stages'
  where[stage] = (where[stage] ?? 0) + 1
}
const last = spawnSync(process.execPath, run(killed), { stdio: 'ignore' })
const same = JSON.stringify(hashes(calm)) === JSON.stringify(hashes(killed))
const left = readdirSync(killed).filter((name) => name.includes('.tmp-'))
console.log(
  `${done} kills (${Object.entries(where)
    .map(([s, n]) => `${s} ${n}`)
    .join(', ')}); last run exit ${last.status}`,
)
console.log(`same hashes as undisturbed: ${same}; leftovers: ${left.length}`)
process.exit(same && last.status === 0 && left.length === 0 ? 0 : 1)
