/** The comparison with the peers as text: the machine, the table of ratios with AUC and gradients, ours in other ways, AUC on real sets. */
import type { Machine } from './folders.ts'
import type { LineSeeds } from './journal.ts'
import { type Comparison, type Measurement, median, type Spread } from './summary.ts'
import { seedsText, summaryOf } from './summaryText.ts'
import { fold, table, time } from './tables.ts'
import { isUncompared, type Verdict, verdictOf } from './verdict.ts'

const times = ({ median, least, most, runs }: Spread): string =>
  runs > 1 ? `${time(median)} (${time(least)} to ${time(most)})` : time(median)

const yesOrNo = (equal: boolean): string => (equal ? 'yes' : '**no**')

/** AUC of ours, of the peer, and whether they are equal; of SHAP values, how far they are apart. */
const aucs = (c: Comparison): string[] => {
  const { auc, values } = c
  if (auc)
    return [
      `${auc.ours.toFixed(4)} ± ${auc.oursSd.toFixed(4)}`,
      `${auc.theirs.toFixed(4)} ± ${auc.theirsSd.toFixed(4)}`,
      yesOrNo(auc.equal),
    ]
  if (values) return ['', '', `${yesOrNo(values.equal)}; values differ by ${values.difference.toExponential(1)}`]
  return ['', '', isUncompared(c) ? 'not compared' : '']
}

const scaledNote = ({ scaledFrom }: Comparison): string =>
  scaledFrom
    ? ` [from ${Object.entries(scaledFrom)
        .map(([k, v]) => `${v} ${k}`)
        .join(', ')}]`
    : ''

const gradientNote = (c: Comparison, side: 'ours' | 'theirs'): string =>
  c.gradient ? `; gradient ${c.gradient[side].toExponential(1)}` : ''

const WORDS: Readonly<Record<Verdict, string>> = {
  met: 'met',
  missed: '**missed**',
  unequal: '**does not count**',
  differs: '**differs**, does not count',
  notCompared: '**not compared**, does not count',
}

const targetOf = (c: Comparison): string => {
  const verdict = verdictOf(c)
  if (c.compares === 'information') return 'not the same work'
  return verdict ? `≥ ${c.target} ×: ${WORDS[verdict]}` : ''
}

/** A letter for each machine, in the order of how much was measured on it. */
const machinesOf = (measurements: readonly Measurement[]): Map<string | undefined, string> => {
  const runs = new Map<string | undefined, number>()
  for (const { on } of measurements) runs.set(on, (runs.get(on) ?? 0) + 1)
  const ordered = [...runs].sort(([, a], [, b]) => b - a).map(([on]) => on)
  return new Map(ordered.map((on, i) => [on, String.fromCharCode(65 + i)]))
}

type Machines = ReadonlyMap<string | undefined, string>

/** What marks a line where several machines were measured on: nothing on the first. */
const mark = (machines: Machines, on: string | undefined): string => {
  const letter = machines.get(on)
  return letter === undefined || letter === 'A' ? '' : ` (${letter})`
}

const ratios = (timed: readonly Comparison[], machines: Machines): string =>
  table(
    [
      'job',
      'peer',
      'ours, s',
      'peer, s',
      'ratio',
      'with start-up',
      'target',
      'AUC ours',
      'AUC peer',
      'equal',
      'MiB ours / peer',
    ],
    timed.map((c) => [
      c.job + mark(machines, c.on),
      `${c.peer} ${c.version}`,
      times(c.ours) + gradientNote(c, 'ours'),
      times(c.theirs) + scaledNote(c) + gradientNote(c, 'theirs'),
      `**${fold(c.ratio)}**`,
      fold(c.ratioWithStartUp),
      targetOf(c),
      ...aucs(c),
      `${c.memory.ours.toFixed(0)} / ${c.memory.theirs.toFixed(0)}`,
    ]),
  )

/** Ours cold, and what was measured in the same process afterwards: medians over seeds. */
export const otherWays = (measurements: readonly Measurement[]): string | undefined => {
  const machines = machinesOf(measurements)
  const groups = new Map<string, Measurement[]>()
  for (const m of measurements) {
    if (m.by !== 'ours' || !m.also) continue
    const key = JSON.stringify([m.job, m.variant, m.on])
    groups.set(key, [...(groups.get(key) ?? []), m])
  }
  const rows = [...groups.values()].flatMap((runs) => {
    const { job: name, variant, on } = runs[0]!
    const job = name + mark(machines, on)
    const cold = [job, variant, 'cold', time(median(runs.map((m) => m.seconds!['total']!)))]
    const names = Object.keys(runs[0]!.also!)
    return [cold, ...names.map((name) => [job, '', name, time(median(runs.map((m) => m.also![name]!)))])]
  })
  return rows.length ? table(['job', 'on', 'ours', 'seconds'], rows) : undefined
}

export interface PeersResult {
  machine: Machine
  packages: readonly string[]
  settings: { repeats: number }
  /** of each line of the list */
  seeds: readonly LineSeeds[]
  comparisons: readonly Comparison[]
  measurements: readonly Measurement[]
}

/** What is worth a line of the packages that pip resolved. */
const NAMED = /^(scikit-learn|lightgbm|xgboost|shap|ydf|optbinning|numpy|scipy)==/

export const machineText = ({ cpu, cores, memoryGiB, system, node, glasscore, python }: Machine): string =>
  [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB`,
    system,
    `Node ${node.slice(1)}`,
    ...(python ? [python] : []),
    `glasscore ${glasscore}`,
  ].join('; ')

export const peersMarkdown = (result: PeersResult): string => {
  const { machine, packages, settings, seeds, comparisons, measurements } = result
  const timed = comparisons.filter((c) => c.compares !== 'auc')
  const busy = measurements.filter((m) => m.othersCpu > 0.05).length
  const machines = machinesOf(measurements)
  const named = packages.filter((p) => NAMED.test(p))
  const about =
    machines.size > 1
      ? `${[...machines].map(([on, letter]) => `${letter}: ${on}`).join('. ')}. Lines are of A unless marked; both sides of a line ran on one machine. Packages: ${named.join(', ')}`
      : [[...machines.keys()][0] ?? machineText(machine), ...named].join(', ')
  const parts = [
    `${about}. ${seedsText(seeds, settings.repeats)}; other processes used more than 5 % of the machine in ${busy} of ${measurements.length} runs.`,
    summaryOf(comparisons, measurements),
    ratios(timed, machines),
  ]
  const other = otherWays(measurements)
  if (other) parts.push('Ours in other ways, for information (the cold row is the one above):', other)
  const onAuc = comparisons.filter((c) => c.compares === 'auc' && c.auc)
  if (onAuc.length)
    parts.push(
      'AUC on real sets, five folds a seed; ± is the deviation over seeds:',
      table(
        ['job', 'peer', 'AUC ours', 'AUC peer', 'difference ± se', 'equal'],
        onAuc.map((c) => {
          const [ours, theirs, equal] = aucs(c)
          const difference = c.auc!.ours - c.auc!.theirs
          return [
            c.job + mark(machines, c.on),
            `${c.peer} ${c.version}`,
            ours!,
            theirs!,
            `${difference.toFixed(4)} ± ${c.auc!.differenceSe.toFixed(4)}`,
            equal!,
          ]
        }),
      ),
    )
  return parts.join('\n\n')
}

/** Ours alone. */
export const oursMarkdown = (measurements: readonly Measurement[]): string =>
  table(
    ['job', 'on', 'seconds', 'also', 'start-up', 'AUC', 'MiB'],
    measurements
      .filter((m) => m.by === 'ours')
      .map((m) => [
        m.job,
        m.variant,
        m.seconds ? time(m.seconds['total']!) + (m.scaledFrom ? ' (scaled)' : '') : `failed: ${m.failed}`,
        Object.entries(m.also ?? {})
          .map(([name, s]) => `${name} ${time(s)}`)
          .join('; '),
        m.seconds ? time(m.seconds['startUp']!) : '',
        m.auc?.toFixed(4) ?? '',
        m.memory?.['peak']?.toFixed(0) ?? '',
      ]),
  )
