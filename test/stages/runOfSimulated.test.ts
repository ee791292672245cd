import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type PipelineInput, run, simulate } from '../../src/index.ts'
import { workshop } from './workshop.ts'

const folder = workshop()
const source = { people: 1200, months: 13, asOf: '2025-01-01', switches: { labelBias: 0.5, thinFiles: 0.3 } }
const pipeline = (switches: typeof source.switches): PipelineInput => ({
  name: 'switched',
  seed: 4,
  source: { kind: 'simulate', ...source, switches },
  train: { models: { logistic: {} }, replicates: 200 },
})

it('a pipeline simulates with its switches, and takes up what simulate made with the same options', async () => {
  const out = join(folder, 'run')
  mkdirSync(out)
  writeFileSync(join(out, 'run.json'), '{}\n')
  const alone = await simulate({ ...source, seed: 4, out: join(out, 'data'), threads: 1 })
  expect(alone.summary.switches.map((s) => s.name)).toEqual(expect.arrayContaining(['label-bias', 'thin-files']))
  const first = await run(pipeline(source.switches), { out, threads: 1 })
  expect(first.stages[0]).toMatchObject({ stage: 'simulate', skipped: true })
  expect(first.stages[0]!.manifest.outputs).toEqual(alone.manifest.outputs)
  // With another strength it is made anew: the comparison could fail.
  const second = await run(pipeline({ ...source.switches, labelBias: 0 }), { out, threads: 1 })
  expect(second.stages[0]).toMatchObject({ stage: 'simulate', skipped: false })
  expect(second.stages[0]!.manifest.outputs).not.toEqual(alone.manifest.outputs)
})
