import type { Command } from 'commander'
import { describeFactorSql, FACTOR_CATALOGUE, GlasscoreError } from '../index.ts'
import { type CommonOptions, print, printJson, withCommonOptions, writeJson } from './common.ts'
import { renderTable } from './terminal.ts'

interface Options extends CommonOptions {
  sql?: boolean
  dimension?: string
}

export const factorsCommand = (program: Command): void => {
  withCommonOptions(program.command('factors [names...]'), { required: false, about: 'JSON file to write' })
    .description('print the catalogue of the 70 factors')
    .option('--dimension <name>', 'only the factors of this dimension')
    .option('--sql', 'print the SQL of the plan that computes each named factor')
    .action(async (names: string[], options: Options) => {
      const unknown = names.find((n) => !FACTOR_CATALOGUE.some((f) => f.name === n))
      if (unknown !== undefined)
        throw new GlasscoreError('usage', 'no such factor', { expected: 'a name from glasscore factors', got: unknown })
      const dimensions = [...new Set(FACTOR_CATALOGUE.map((f) => f.dimension))]
      if (options.dimension && !dimensions.some((d) => d === options.dimension))
        throw new GlasscoreError('usage', 'no such dimension', {
          option: 'dimension',
          expected: dimensions.join(', '),
          got: options.dimension,
        })
      const chosen = FACTOR_CATALOGUE.filter(
        (f) =>
          (names.length === 0 || names.includes(f.name)) && (!options.dimension || f.dimension === options.dimension),
      )
      const data = options.sql ? chosen.map((f) => ({ ...f, sql: describeFactorSql(f.name) })) : chosen
      if (options.out) await writeJson(options.out, data)
      if (options.json) return printJson(data)
      if (options.out) return print(`written: ${options.out}`)
      if (names.length === 0 && !options.sql) {
        print(
          renderTable(
            ['factor', 'dimension', 'kind', 'window', 'unit', 'risk', 'reads', 'definition'],
            chosen.map((f) => [
              f.name,
              f.dimension,
              f.kind,
              f.windowDays === null ? '' : `${f.windowDays} d`,
              f.unit,
              f.expectedRisk,
              f.sourceTables.join(' '),
              f.definition,
            ]),
          ),
        )
        return
      }
      for (const f of chosen) {
        print(`${f.name}\n  ${f.definition}`)
        for (const [key, value] of Object.entries(f))
          if (!['name', 'definition'].includes(key) && value !== null && !(Array.isArray(value) && value.length === 0))
            print(`  ${key}: ${Array.isArray(value) ? value.join(', ') : value}`)
        if (options.sql) print(describeFactorSql(f.name).replaceAll(/^/gm, '    '))
        print('')
      }
    })
}
