import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import {
  type Counterfactual,
  type CounterfactualSummary,
  type Counterfactuals,
  counterfactuals,
  counterfactualsOf,
  FACTOR_CATALOGUE,
  GlasscoreError,
  type ReplayedCounterfactuals,
  type ReplayShare,
} from '../index.ts'
import { printable } from '../util/errors.ts'
import { interruption, print, printJson, wholeNumber, withCommonOptions, withStage } from './common.ts'
import { printReplay } from './printReplay.ts'
import { outOf, type PeopleFlags, peopleOf, peopleOptions } from './score.ts'
import { formatCount, formatFixed, renderTable } from './terminal.ts'

type Flags = PeopleFlags & {
  person?: string[]
  people?: string
  allBelow?: boolean
  cutoff?: number
  months?: number
  options?: number
  fix?: string[]
  nodes?: number
  replay?: boolean
}

const MEANING =
  'This is what the model would score with other factors: no advice, and no promise of a decision or a loan.'

const collect = (text: string, earlier: string[] = []): string[] => [...earlier, text]

const valueText = (value: number | string | null): string =>
  value === null ? 'missing' : typeof value === 'string' ? value : String(Math.round(value * 1e4) / 1e4)

const monthsText = (months: number): string => `${months} ${months === 1 ? 'month' : 'months'}`

const windows = new Map(FACTOR_CATALOGUE.map(({ name, windowDays }) => [name, windowDays]))

/** Factors of an option that also count what lies behind the person: their windows are longer than the months. */
const longerWindows = ({ changes, months }: Counterfactual): string[] =>
  changes
    .filter(({ factor, by }) => by === 'person' && (windows.get(factor) ?? 0) > (months * 365) / 12)
    .map(({ factor }) => factor)

const ANSWERS: Record<Counterfactuals['answer'], string> = {
  reached: 'has the score already',
  found: 'allowed changes that reach it',
  none: 'proved: no allowed change reaches it',
  open: 'the search ended without a change and without a proof; more --nodes search longer',
}

const AFTER: Record<Counterfactuals['after'], string> = {
  enough: '',
  none: 'proved: no further option without the groups of factors above',
  open: 'the search for a further option ended without one and without a proof',
}

const printPerson = (r: Counterfactuals & Partial<ReplayedCounterfactuals>): void => {
  print(
    printable(
      `${r.personId} on ${r.observationDate}, model ${r.model}: score ${r.score}; ${r.cutoff} within ${monthsText(r.months)}: ${ANSWERS[r.answer]}`,
    ),
  )
  r.options.forEach((option, k) => {
    const proof = option.proved
      ? 'proved to be the cheapest'
      : `no allowed change costs less than ${formatFixed(option.bound)}`
    print(
      `\noption ${k + 1}: score ${option.score}, ${monthsText(option.months)}, cost ${formatFixed(option.cost)}; ${proof}`,
    )
    print(
      renderTable(
        ['factor', 'is', 'would be', 'takes months', 'cost'],
        option.changes.map((c) => [
          c.factor,
          valueText(c.from),
          valueText(c.to),
          c.by === 'time' ? 'with time' : String(c.months),
          c.by === 'time' ? '' : formatFixed(c.cost),
        ]),
      ),
    )
    const behind = longerWindows(option)
    if (behind.length > 0)
      print(
        `${behind.join(', ')}: over a window longer than ${monthsText(option.months)}, so what lies in the past counts too; ${r.replays ? 'how much of it would have to be otherwise is below' : '--replay says how much of it would have to be otherwise'}`,
      )
    const replay = r.replays?.[k]
    if (replay) printReplay(replay)
  })
  if (r.options.length > 0 && AFTER[r.after]) print(AFTER[r.after])
}

const printSummary = ({ models, cutoff, months, warnings }: CounterfactualSummary): void => {
  print(`to reach ${cutoff} within ${monthsText(months)}\n`)
  print(
    renderTable(
      [
        'model',
        'people',
        'have it',
        'a change found',
        'proved: none',
        'open',
        'solved to proof',
        'median gap of the rest',
        'median cost',
      ],
      Object.entries(models).map(([name, m]) => [
        name,
        formatCount(m.people),
        formatCount(m.reached),
        formatCount(m.found),
        formatCount(m.none),
        formatCount(m.open),
        m.shareProved === null ? 'n/a' : `${(100 * m.shareProved).toFixed(1)} %`,
        m.gap === null ? '' : `${(100 * m.gap.median).toFixed(1)} %`,
        m.medianCost === null ? '' : formatFixed(m.medianCost),
      ]),
    ),
  )
  const replays = Object.entries(models).flatMap(([name, { replay }]) => (replay ? [{ name, ...replay }] : []))
  if (replays.length > 0) {
    const part = ({ options, share }: ReplayShare): string => {
      const percent = (x: number): string => (100 * x).toFixed(1)
      return share ? `${options}: ${percent(share.value)} % (${percent(share.low)} to ${percent(share.high)})` : 'n/a'
    }
    print('\nreplayed as events\n')
    print(
      renderTable(
        ['model', 'options', 'as promised', 'reach the cutoff', 'all events ahead', 'differ most often'],
        replays.flatMap(({ name, first, all, differs }) =>
          [first, all].map((shares, k) => [
            `${name}, ${k === 0 ? 'first options' : 'all options'}`,
            formatCount(shares.options),
            part(shares.agrees),
            part(shares.reaches),
            part(shares.ahead),
            k === 0
              ? ''
              : differs
                  .slice(0, 3)
                  .map((d) => `${d.factor} ${d.options}`)
                  .join(', '),
          ]),
        ),
      ),
    )
  }
  for (const warning of warnings) print(printable(`warning: ${warning}`))
}

const personsOf = async ({ person, people, allBelow }: Flags): Promise<string[] | undefined> => {
  const ways = [person, people, allBelow].filter((way) => way !== undefined)
  if (ways.length !== 1)
    throw new GlasscoreError('usage', 'whose counterfactuals is not clear', {
      option: 'person',
      expected: 'one of --person ID, --people FILE or --all-below',
    })
  if (people === undefined) return person
  const text = await readFile(people, 'utf8').catch(() => {
    throw new GlasscoreError('data', 'the file of persons cannot be read', { file: people })
  })
  const ids = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (ids.length === 0)
    throw new GlasscoreError('data', 'no person in the file', { file: people, expected: 'an id a line' })
  return ids
}

export const counterfactualCommand = (program: Command): void => {
  peopleOptions(
    withCommonOptions(program.command('counterfactual <models...>'), {
      required: false,
      about: 'folder for counterfactuals.parquet (default with --as-of: counterfactuals-DATE in the run)',
    }),
  )
    .description(
      'the cheapest allowed changes with which a model would score a cutoff, or the proof that there is none',
    )
    .option('--person <id>', 'this person; again for more', collect)
    .option('--people <file>', 'the persons in a file, an id a line')
    .option('--all-below', 'everybody below the cutoff')
    .option('--cutoff <score>', 'the score to reach (default 650)', wholeNumber('cutoff', 350, 950))
    .option('--months <n>', 'months that may pass (default 12)', wholeNumber('months', 0, 120))
    .option(
      '--options <n>',
      'options that change different groups of factors (default 3)',
      wholeNumber('options', 1, 20),
    )
    .option('--fix <factor>', 'a factor that must stay as it is; again for more', collect)
    .option(
      '--nodes <n>',
      'boxes that the search looks at for an option (default 100; linear models: 20000)',
      wholeNumber('nodes', 1, 1e8),
    )
    .option(
      '--replay',
      'write every option as events and run them through the feature engine (events: --data, or the data of the run)',
    )
    .action(async (models: string[], flags: Flags) => {
      const { cutoff, months, options, fix, nodes, features, allowMissing, replay } = flags
      // Beside a feature table the data are only what is replayed.
      const events = replay && features ? flags.data : undefined
      const { data: _, ...flagsOfTable } = flags
      const people = peopleOf(events ? flagsOfTable : flags)
      const persons = await personsOf(flags)
      const asked = {
        ...(persons ? { persons } : {}),
        ...(cutoff !== undefined ? { cutoff } : {}),
        ...(months !== undefined ? { months } : {}),
        ...(options !== undefined ? { options } : {}),
        ...(fix ? { fix } : {}),
        ...(nodes !== undefined ? { nodes } : {}),
        ...(replay ? { replay } : {}),
        ...(events ? { events } : {}),
      }
      if (persons && features && !flags.out && !people.data && !flags.asOf) {
        const results = await counterfactualsOf({
          ...asked,
          models,
          features,
          signal: interruption.signal,
          ...(allowMissing ? { allowMissing } : {}),
        })
        if (flags.json) return printJson(results)
        results.forEach((result, i) => {
          if (i > 0) print('')
          printPerson(result)
        })
        print(`\n${MEANING}`)
        return
      }
      const result = await withStage(flags, outOf('counterfactuals', models, flags), (stage) =>
        counterfactuals({ ...stage, ...asked, models, ...people }),
      )
      if (flags.json) return printJson(result)
      printSummary(result.summary)
      print(`\n${MEANING}`)
      print(`${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
    })
}
