// Makes models/reference/ again from pipelines/reference.yaml by the public API: model, report, audit, card, expected scores.
// Usage: node scripts/reference-model.mjs [--check] [--run FOLDER]. Needs dist/ (npm run build); some two minutes on two cores.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import {
  auditFairness,
  bandOf,
  features,
  loadFeatures,
  loadModel,
  modelCard,
  openDuckDB,
  readPipeline,
  report,
  run,
  scoreFrame,
  VERSION,
} from '../dist/index.js'
import { canonicalJson, sha256 } from '../dist/util/hash.js'

const MODEL = 'forest'
const PIPELINE = 'pipelines/reference.yaml'
const SAMPLE = 'data/sample/population'
const root = fileURLToPath(new URL('..', import.meta.url))
const kept = join(root, 'models', 'reference')
const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    run: { type: 'string', default: join(root, 'runs', 'reference') },
  },
})

/** person, date, probability with all its digits, score, band: what the model must give for the sample, exactly. */
const sampleScores = async (model, work) => {
  const { folder } = await features({ data: join(root, SAMPLE), out: join(work, 'factors') })
  const engine = await openDuckDB({ threads: 1 })
  try {
    const { frame } = await loadFeatures(engine, folder)
    const { probability, score } = scoreFrame(model, frame)
    const rows = frame.personId.map((id, i) =>
      [id, frame.observationDate[i], probability[i], score[i], bandOf(score[i])].join(','),
    )
    return `${['person_id,observation_date,probability,score,band', ...rows].join('\n')}\n`
  } finally {
    engine.close()
  }
}

const work = mkdtempSync(join(tmpdir(), 'glasscore-reference-'))
try {
  const summary = await run(await readPipeline(join(root, PIPELINE)), { out: options.run })
  await report({ run: options.run })
  await auditFairness({ source: options.run, models: [MODEL] })

  const out = join(work, 'reference')
  mkdirSync(out)
  const trained = join(options.run, 'train', 'models', MODEL)
  for (const [from, name] of [
    [trained, 'model.json'],
    [trained, 'model.bin'],
    [options.run, 'metrics.json'],
    [join(options.run, 'report'), 'report.json'],
    [join(options.run, 'fairness'), 'fairness.json'],
    [kept, 'card.yaml'],
  ])
    copyFileSync(join(from, name), join(out, name))
  const { scorer, hash } = await loadModel(out)
  writeFileSync(join(out, 'expected-scores.csv'), await sampleScores(scorer, work))
  const card = await modelCard({
    report: join(out, 'report.json'),
    fairness: join(out, 'fairness.json'),
    model: MODEL,
    words: join(out, 'card.yaml'),
  })
  writeFileSync(join(out, 'card.md'), card)
  const hashes = (folder) =>
    Object.fromEntries(
      readdirSync(folder)
        .filter((name) => name !== 'manifest.json')
        .sort()
        .map((name) => [name, sha256(readFileSync(join(folder, name)))]),
    )
  const manifest = {
    format: 'glasscore.referenceModel',
    version: 1,
    command: 'node scripts/reference-model.mjs',
    pipeline: { file: PIPELINE, sha256: sha256(readFileSync(join(root, PIPELINE))) },
    model: MODEL,
    modelHash: hash,
    seed: summary.seed,
    glasscore: VERSION,
    sample: SAMPLE,
    files: hashes(out),
  }
  writeFileSync(join(out, 'manifest.json'), `${canonicalJson(manifest, 2)}\n`)

  const names = readdirSync(out)
  const different = names.filter((name) => {
    try {
      return !readFileSync(join(kept, name)).equals(readFileSync(join(out, name)))
    } catch {
      return true
    }
  })
  if (options.check) {
    console.log(different.length ? `models/reference differs: ${different.join(', ')}` : 'models/reference: as stored')
    if (different.length) process.exitCode = 1
  } else {
    for (const name of names) copyFileSync(join(out, name), join(kept, name))
    console.log(`models/reference: ${names.length} files, changed: ${different.join(', ') || 'none'}`)
  }
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(work, { recursive: true, force: true })
}
