import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { GlasscoreError, ingest, initMapping, REPORT_HEADER, reportRows } from '../index.ts'
import { printable } from '../util/errors.ts'
import { type CommonOptions, print, printJson, withCommonOptions, withStage } from './common.ts'
import { isLabeled, nextAfterFeatures, nextAfterTables } from './next.ts'
import { printDataset, printFeatures } from './show.ts'
import { renderTable } from './terminal.ts'

interface Options extends CommonOptions {
  mapping?: string
  input?: string
  strict?: boolean
  withoutTarget?: boolean
  init?: string
}

export const ingestCommand = (program: Command): void => {
  withCommonOptions(program.command('ingest [source]'), {
    required: false,
    about: 'folder to write; with --init, the mapping file to write',
  })
    .description('read a source: berka (folder of .asc files), or any file by a mapping')
    .option('--mapping <file>', 'mapping file (YAML) for any CSV, Parquet, JSON or DuckDB table')
    .option('--input <path>', 'folder (berka) or data file (mapping), when the mapping does not name it')
    .option('--strict', 'stop at the first rejected row')
    .option('--without-target', 'read people who have no outcome yet: the target of the mapping is not looked for')
    .option('--init <file>', 'propose a mapping from the columns of this file')
    .action(async (source: string | undefined, options: Options) => {
      if (options.init !== undefined) return propose(options.init, options)
      if (!options.out)
        throw new GlasscoreError('usage', 'where to write is not said', { option: 'out', expected: 'a folder' })
      if (source !== undefined && source !== 'berka')
        throw new GlasscoreError('usage', 'unknown source', { expected: 'berka, or --mapping FILE', got: source })
      const result = await withStage(options, options.out, (stage) =>
        ingest({
          ...stage,
          ...(source === 'berka' ? { source } : {}),
          ...(options.mapping ? { mapping: options.mapping } : {}),
          ...(options.input ? { input: options.input } : {}),
          strict: options.strict === true,
          withoutTarget: options.withoutTarget === true,
        }),
      )
      if (options.json) return printJson(result)
      const { summary } = result
      if (summary.dataset) printDataset(summary.dataset)
      if (summary.features) printFeatures(summary.features)
      print(`\n${renderTable(REPORT_HEADER, reportRows(summary.report.tables))}`)
      for (const warning of summary.report.warnings) print(printable(`warning: ${warning}`))
      if (summary.report.rejectsFile) print(`rejected rows: ${result.folder}/rejects.csv`)
      print(`\n${result.skipped ? 'unchanged' : 'written'}: ${result.folder}`)
      if (summary.features) nextAfterFeatures(options.out, isLabeled(summary.features), options.mapping)
      else nextAfterTables(options.out)
    })
}

const propose = async (file: string, options: Options): Promise<void> => {
  const { yaml, warnings } = await initMapping(file)
  if (options.out)
    await writeFile(options.out, yaml, { flag: options.force ? 'w' : 'wx' }).catch((cause: NodeJS.ErrnoException) => {
      throw new GlasscoreError(
        'usage',
        cause.code === 'EEXIST' ? 'the mapping file is there already' : 'the mapping file cannot be written',
        {
          file: options.out!,
          expected: 'a new file, or --force',
          cause,
        },
      )
    })
  if (options.json) return printJson({ yaml, warnings, ...(options.out ? { written: options.out } : {}) })
  if (!options.out) print(yaml)
  for (const warning of warnings) process.stderr.write(`${printable(`warning: ${warning}`)}\n`)
  if (options.out) print(`written: ${options.out}\nnext: glasscore ingest --mapping ${options.out} --out FOLDER`)
}
