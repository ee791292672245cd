// How near models come to the sealed truth of the synthetic population as people grow in number: whole pipelines, each a process of its own.
// Usage: npm run build && npx tsx bench/recovery/recovery.ts --people 10000,100000 --outcome causal [--json FILE]
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bounds } from '../../src/audits/fairness/intervals.ts'
import type { RecoveryReport } from '../../src/audits/recovery/findings.ts'
import { childNode } from '../childNode.ts'
import type { RunAsked, RunFigures } from './runNode.ts'

const { values: options } = parseArgs({
  options: {
    people: { type: 'string', default: '10000,100000' },
    outcome: { type: 'string', default: 'causal' },
    models: { type: 'string', default: 'logistic,tree,forest' },
    coding: { type: 'string', default: 'none' },
    replicates: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: '2' },
    keep: { type: 'string' },
    json: { type: 'string' },
  },
})

/** A whole run: what was asked for, what it took, what its audit of recovery found. */
interface SizeFound {
  asked: Omit<RunAsked, 'out'>
  figures: RunFigures
  recovery: Pick<RecoveryReport, 'rows' | 'bads' | 'ceiling' | 'models' | 'truth'> & {
    attributions: {
      model: string
      semantics: string
      misplaced: Bounds
      misplacedOfDimensions: Bounds
      withinRows: Bounds
      sameFirstReason: Bounds
      importances: { kind: string; rankCorrelation: Bounds; rankCorrelationOfSpoken: Bounds; imagined: Bounds }[]
    }[]
  }
}

const runOne = (asked: RunAsked): Promise<RunFigures> =>
  childNode(new URL('./runNode.ts', import.meta.url), asked, `the run of ${asked.people} people`)

const found = (report: RecoveryReport): SizeFound['recovery'] => {
  const { rows, bads, ceiling, models, truth, declared } = report
  return {
    rows,
    bads,
    ceiling,
    models,
    truth,
    attributions: (declared?.models ?? []).map((m) => ({
      model: m.model,
      semantics: m.semantics,
      misplaced: m.misplaced,
      misplacedOfDimensions: m.misplacedOfDimensions,
      withinRows: m.withinRows,
      sameFirstReason: m.sameFirstReason,
      importances: m.importances.map(({ kind, rankCorrelation, rankCorrelationOfSpoken, imagined }) => ({
        kind,
        rankCorrelation,
        rankCorrelationOfSpoken,
        imagined,
      })),
    })),
  }
}

const number = (x: number | null, digits: number): string => (x === null ? '-' : x.toFixed(digits))
const bounds = ({ value, low, high }: Bounds, digits = 3): string =>
  low === null ? number(value, digits) : `${number(value, digits)} [${number(low, digits)}, ${number(high, digits)}]`

const kindOf = ({ semantics }: { semantics: string }): string => semantics.replace('_', '-')

/** The tables of docs/recovery.md. */
const show = (sizes: readonly SizeFound[]): void => {
  console.log('| people | held-out rows, bads | latent ceiling | model | AUC | below the ceiling | slope of truth |')
  console.log('|---|---|---|---|---|---|---|')
  for (const { asked, recovery } of sizes)
    for (const m of recovery.models)
      console.log(
        `| ${asked.people.toLocaleString('en')} | ${recovery.rows.toLocaleString('en')}, ${recovery.bads.toLocaleString('en')} | ${bounds(recovery.ceiling)} | ${m.model} | ${bounds(m.auc)} | ${bounds(m.gap, 4)} | ${number(m.slope.value, 2)} |`,
      )
  if (!sizes.some((s) => s.recovery.attributions.length > 0)) return
  console.log('\n| people | model | points | misplaced | by dimension | correlation within rows | same first reason |')
  console.log('|---|---|---|---|---|---|---|')
  for (const { asked, recovery } of sizes)
    for (const a of recovery.attributions)
      console.log(
        `| ${asked.people.toLocaleString('en')} | ${a.model} | ${kindOf(a)} | ${bounds(a.misplaced, 2)} | ${number(a.misplacedOfDimensions.value, 2)} | ${bounds(a.withinRows, 2)} | ${bounds(a.sameFirstReason, 2)} |`,
      )
  console.log('\n| people | model | importance | rank correlation | among those that matter | imagined |')
  console.log('|---|---|---|---|---|---|')
  for (const { asked, recovery } of sizes)
    for (const a of recovery.attributions)
      for (const i of a.importances)
        console.log(
          `| ${asked.people.toLocaleString('en')} | ${a.model} | ${i.kind === 'attributions' ? `points, ${kindOf(a)}` : i.kind} | ${bounds(i.rankCorrelation, 2)} | ${number(i.rankCorrelationOfSpoken.value, 2)} | ${number(100 * (i.imagined.value ?? 0), 0)} % |`,
        )
}

const sameRun = (a: SizeFound['asked'], b: SizeFound['asked']): boolean =>
  a.people === b.people && a.outcome === b.outcome && a.coding === b.coding && a.seed === b.seed

const main = async (): Promise<void> => {
  const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'glasscore-recovery-')))
  await mkdir(folder, { recursive: true })
  let sizes: SizeFound[] = []
  if (options.json && existsSync(options.json))
    sizes = (JSON.parse(await readFile(options.json, 'utf8')) as { sizes: SizeFound[] }).sizes
  for (const people of options.people.split(',').map(Number)) {
    const { outcome, coding } = options as Pick<RunAsked, 'outcome' | 'coding'>
    const asked: SizeFound['asked'] = {
      people,
      outcome,
      models: options.models.split(','),
      coding,
      replicates: Number(options.replicates),
      threads: Number(options.threads),
      seed: Number(options.seed),
    }
    const out = join(folder, `${outcome}-${coding}-${people}`)
    const figures = await runOne({ ...asked, out })
    const report = JSON.parse(await readFile(join(out, 'recovery', 'recovery.json'), 'utf8')) as RecoveryReport
    sizes = sizes.filter((s) => !sameRun(s.asked, asked))
    sizes.push({ asked, figures, recovery: found(report) })
    sizes.sort((a, b) => a.asked.people - b.asked.people)
    if (options.json) {
      const result = { node: process.version, cpu: cpus()[0]?.model, sizes }
      await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`)
    }
    process.stderr.write(`${people} people: ${JSON.stringify(figures)}\n`)
  }
  show(sizes)
  if (!options.keep) await rm(folder, { recursive: true, force: true })
}

await main()
