/**
 * Writes a real set as a matrix: read by its pipeline (pipelines/NAME.yaml) as far as the feature table, encoded as glasscore
 * encodes it for trees or for linear models, with five repeats of five stratified folds for the comparison of AUC.
 *
 * Usage: tsx make-real.ts --set taiwan|german|berka --encoding tree|linear --folder F
 *
 * The encoding is fitted on all rows, for us and for peers alike: levels, medians and deviations of the test folds are
 * known to it, no outcome is. A comparison of learners on one matrix can bear that; a measurement of performance could not.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  applyEncoding,
  features,
  fitEncoding,
  ingest,
  loadFeatures,
  openDuckDB,
  random,
  readPipeline,
  stratifiedFolds,
  takeRows,
} from 'glasscore'
import type { DataShape } from './data.ts'

const REPEATS = 5
const FOLDS = 5

/** The feature table of a pipeline, in a folder of its own. */
const featureFolder = async (set: string, work: string): Promise<{ folder: string; seed: number }> => {
  const { seed, source } = await readPipeline(`pipelines/${set}.yaml`)
  if (source.kind === 'simulate') throw new Error(`${set} is not a real set`)
  if (source.kind === 'berka') {
    const data = await ingest({ source: 'berka', input: source.input, out: join(work, 'data'), seed, threads: 2 })
    return {
      folder: (await features({ data: data.folder, out: join(work, 'features'), seed, threads: 2 })).folder,
      seed,
    }
  }
  const { mapping, input } = source
  const table = await ingest({ mapping, ...(input ? { input } : {}), out: join(work, 'features'), seed, threads: 2 })
  return { folder: table.folder, seed }
}

export const makeReal = async (set: string, encodingKind: 'tree' | 'linear', folder: string): Promise<DataShape> => {
  const temporary = `${folder}.making-${process.pid}`
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary, { recursive: true })
  try {
    const source = await featureFolder(set, join(temporary, 'work'))
    const engine = await openDuckDB({ threads: 1 })
    const { frame, status } = await loadFeatures(engine, source.folder)
    engine.close()
    const labeled = Int32Array.from(frame.personId.keys()).filter((i) => status[i] === 'good' || status[i] === 'bad')
    const rows = takeRows(frame, labeled)
    const target = Uint8Array.from(labeled, (i) => (status[i] === 'bad' ? 1 : 0))
    const x = applyEncoding(fitEncoding(rows, encodingKind), rows)
    const folds = new Uint8Array(REPEATS * x.rows)
    for (let r = 0; r < REPEATS; r++) {
      const foldOf = stratifiedFolds(rows.personId, target, FOLDS, random(source.seed).fork('bench folds', r))
      folds.set(Uint8Array.from(foldOf), r * x.rows)
    }
    rmSync(join(temporary, 'work'), { recursive: true, force: true })
    const sha256: Record<string, string> = {}
    const write = (name: string, array: Float64Array | Uint8Array): void => {
      const bytes = Buffer.from(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
      writeFileSync(join(temporary, name), bytes)
      sha256[name] = createHash('sha256').update(bytes).digest('hex')
    }
    write('train.f64', x.values)
    write('train.u8', target)
    write('folds.u8', folds)
    const shape: DataShape = {
      name: `${set}-${encodingKind}`,
      rows: x.rows,
      columns: x.columns.length,
      testRows: 0,
      names: x.columns.map((c) => c.name),
      folds: { number: FOLDS, repeats: REPEATS },
      badRate: target.reduce((a, b) => a + b, 0) / x.rows,
      seed: source.seed,
      missing: x.values.reduce((n, v) => n + (Number.isNaN(v) ? 1 : 0), 0) / x.values.length,
      standardized: encodingKind === 'linear',
      sha256,
    }
    writeFileSync(join(temporary, 'data.json'), `${JSON.stringify(shape, undefined, 2)}\n`)
    rmSync(folder, { recursive: true, force: true })
    renameSync(temporary, folder)
    return shape
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({
    options: { set: { type: 'string' }, encoding: { type: 'string', default: 'tree' }, folder: { type: 'string' } },
  })
  if (!values.set || !values.folder) throw new Error('usage: make-real.ts --set NAME --folder FOLDER')
  const { sha256, names, ...rest } = await makeReal(values.set, values.encoding as 'tree' | 'linear', values.folder)
  console.log(JSON.stringify(rest))
}
