/**
 * Problems of some people as JSON, a file a person, with what our search says of them: what `peer.py` reads.
 * Usage: tsx bench/counterfactuals/export.ts FEATURES MODEL OUT [people] [nodes]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { changeReference, counterfactualSearch, loadFeatures, loadModel, openDuckDB } from '../../src/index.ts'
import { scoreFrame } from '../../src/scores/scorer.ts'
import { random } from '../../src/util/random.ts'
import { problemOf } from './problem.ts'

const [features, model, out, people = '12', nodes = '300'] = process.argv.slice(2)
if (!features || !model || !out) throw new Error('usage: export.ts FEATURES MODEL OUT [people] [nodes]')
const engine = await openDuckDB({ threads: 1 })
const { frame } = await loadFeatures(engine, features)
engine.close()
const { scorer } = await loadModel(model)
const { score } = scoreFrame(scorer, frame)
const below = Int32Array.from(score.keys()).filter((i) => score[i]! < 650)
const reference = changeReference(frame)
const options = { cutoff: 650, months: 12, options: 1, nodes: Number(nodes) }
const find = counterfactualSearch(scorer, reference, options)
mkdirSync(out, { recursive: true })
for (const row of random(1).shuffle(below).slice(0, Number(people))) {
  const before = process.cpuUsage()
  const { answer, options: found, nodes: looked } = find(frame, row)
  const { user, system } = process.cpuUsage(before)
  const [first] = found
  const ours = {
    answer,
    cost: first?.cost ?? null,
    bound: first?.bound ?? null,
    proved: answer === 'none' || first?.proved === true,
    nodes: first?.nodes ?? looked,
    seconds: (user + system) / 1e6,
  }
  const problem = problemOf(scorer, frame, row, reference, options)
  writeFileSync(join(out, `${row}.json`), JSON.stringify({ row, score: score[row], ours, ...problem }))
  console.log(`${row}: score ${score[row]}, ${answer}, ${ours.seconds.toFixed(2)} s`)
}
