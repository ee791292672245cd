// One pipeline as a process of its own, so that its memory is its own. Prints one line of JSON.
import { run } from '../../src/stages/run.ts'

export interface RunAsked {
  people: number
  outcome: 'causal' | 'declared'
  models: string[]
  coding: 'none' | 'das'
  replicates: number
  out: string
  threads: number
  seed: number
}

export interface RunFigures {
  seconds: number
  /** by stage */
  stages: Record<string, number>
  peakBytes: number
}

const asked = JSON.parse(process.argv[2] ?? '{}') as RunAsked
const started = performance.now()
const { stages } = await run(
  {
    name: `${asked.outcome}-${asked.people}`,
    seed: asked.seed,
    source: { kind: 'simulate', people: asked.people, asOf: '2025-01-01', outcome: asked.outcome },
    features: { coding: asked.coding },
    train: {
      split: { by: 'person', testShare: 0.3 },
      models: Object.fromEntries(asked.models.map((name) => [name, {}])),
      replicates: asked.replicates,
    },
  },
  {
    out: asked.out,
    threads: asked.threads,
    progress: (title, done, of) => {
      if (done === 0) process.stderr.write(`${new Date().toISOString()} ${title} (${of})\n`)
    },
  },
)
const figures: RunFigures = {
  seconds: (performance.now() - started) / 1000,
  stages: Object.fromEntries(stages.filter((s) => !s.skipped).map((s) => [s.stage, s.manifest.seconds])),
  peakBytes: process.resourceUsage().maxRSS * 1024,
}
console.log(JSON.stringify(figures))
