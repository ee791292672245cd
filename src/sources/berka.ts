/**
 * Adapter of the Berka set (PKDD'99 Discovery Challenge, financial data): one Czech bank, 1993 to 1998.
 *
 * The observation is the granting of a loan: the person is the owner of the account, the date is the loan's, and the
 * outcome is the status of the loan at the end of 1998 (B and D bad). What is left out, and why, is in the notes.
 */
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { writeDataset } from '../engines/folders.ts'
import { identifier } from '../engines/sql.ts'
import type { Dataset, DatasetTable } from '../schema/dataset.ts'
import type { TableName } from '../schema/tables.ts'
import { dataError } from '../util/errors.ts'
import { noProgress, type WorkOptions } from '../util/progress.ts'
import { KNOWN_SHA256 } from './berkaCodes.ts'
import {
  ACCOUNT,
  type BerkaFile,
  CARD,
  CLIENT,
  DISP,
  DISTRICT,
  EXTRACT_DATE,
  FIRST_DAY,
  LOAN,
  TRANS_PRELOAN,
  TRANS_RAW,
} from './berkaFiles.ts'
import { berkaNotes, berkaOutcome } from './berkaNotes.ts'
import { berkaQueries } from './berkaTables.ts'
import { ingestInto, reportOf, stopIfAsked, writeRejects } from './ingestFolder.ts'
import { openKnownFile } from './knownFile.ts'
import type { IngestReport } from './rejects.ts'
import { keysOf, type Validated, validate } from './validate.ts'

/** What `ingestBerka` reads and where it writes. */
export interface BerkaOptions extends WorkOptions {
  /** folder with the raw files */
  input: string
  /** folder of the canonical tables; replaced when it is there */
  out: string
  /** stop at the first rejected row */
  strict?: boolean
}

const present = (folder: string, ...names: string[]): string | null =>
  names.map((n) => join(folder, n)).find((path) => existsSync(path)) ?? null

interface Transactions {
  files: string[]
  spec: BerkaFile
  preloan: boolean
}

const findTransactions = (input: string): Transactions => {
  const whole = present(input, 'trans.asc', 'trans.asc.gz')
  if (whole) return { files: [whole], spec: TRANS_RAW, preloan: false }
  const parts = [1, 2].map((i) => present(input, `trans_preloan_${i}.csv`, `trans_preloan_${i}.csv.gz`))
  const absent = parts.indexOf(null)
  if (absent >= 0)
    throw dataError('the transactions are missing', {
      file: input,
      expected: 'trans.asc, or trans_preloan_1.csv and trans_preloan_2.csv (each may end in .gz)',
      got: absent === 1 ? 'only trans_preloan_1.csv' : 'none of them',
    })
  return { files: parts as string[], spec: TRANS_PRELOAN, preloan: true }
}

/**
 * Reads the raw files and writes a canonical dataset folder.
 *
 * Needs account.asc, client.asc, disp.asc, loan.asc and the transactions (trans.asc, else both trans_preloan CSVs);
 * card.asc and district.asc are read when they are there. Any text file may be gzipped.
 * @throws GlasscoreError when a file is missing or broken; under `strict` for the first rejected row
 */
export const ingestBerka = async (
  engine: Engine,
  options: BerkaOptions,
): Promise<{ dataset: Dataset; report: IngestReport }> => {
  const { input, out, strict = false, progress = noProgress } = options
  if (!existsSync(input)) throw dataError('there is no such folder', { file: input, expected: 'the raw Berka files' })
  const transactions = findTransactions(input)
  const file = (name: string): string => {
    const path = present(input, `${name}.asc`, `${name}.asc.gz`)
    if (!path) throw dataError('a file of the Berka set is missing', { file: join(input, `${name}.asc`) })
    return path
  }
  const optional = (name: string, spec: BerkaFile): [string, string, BerkaFile][] => {
    const path = present(input, `${name}.asc`, `${name}.asc.gz`)
    return path ? [[name, path, spec]] : []
  }
  const plan: [string, string, BerkaFile][] = [
    ['account', file('account'), ACCOUNT],
    ['client', file('client'), CLIENT],
    ['disp', file('disp'), DISP],
    ['loan', file('loan'), LOAN],
    ...optional('card', CARD),
    ...optional('district', DISTRICT),
    ...transactions.files.map((path): [string, string, BerkaFile] => ['trans', path, transactions.spec]),
  ]

  return ingestInto(out, async (folder, scratch) => {
    const known: Record<string, string> = {}
    const accepted: Record<string, string[]> = {}
    const tables: Validated[] = []
    const warnings: string[] = []
    for (const [i, [name, path, spec]] of plan.entries()) {
      stopIfAsked(options.signal)
      progress('read', i, plan.length)
      const opened = await openKnownFile(engine, path, { sha256: KNOWN_SHA256[basename(path)] })
      warnings.push(...opened.warnings)
      const done = await validate(engine, opened.raw, spec.contract, {
        table: name,
        sources: spec.sources,
        extractDate: EXTRACT_DATE,
        strict,
        known,
        scratch,
      })
      tables.push(done)
      accepted[name] = [...(accepted[name] ?? []), done.accepted]
      known[name] ??= keysOf(done, spec.contract.key[0]!)
    }
    progress('read', plan.length, plan.length)
    for (const [name, parts] of Object.entries(accepted))
      await engine.run(`CREATE OR REPLACE TEMP VIEW ${identifier(name)} AS ${parts.join(' UNION ALL ')}`)
    const [twice] = await engine.rows<{ trans_id: string }>(
      'SELECT trans_id FROM trans GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 1',
    )
    if (twice)
      throw dataError('the same transaction is in both files', { file: input, column: 'trans_id', got: twice.trans_id })

    const queries = Object.entries(
      // Amounts of the pre-loan files are rounded to crowns, so a balance and the next opening differ by up to 1.
      berkaQueries({ tolerance: transactions.preloan ? 1.5 : 0.01, cards: 'card' in accepted }),
    )
    const written: Partial<Record<TableName, DatasetTable>> = {}
    const [last] = await engine.rows<{ day: string }>('SELECT max(date) AS day FROM loan')
    const coveredTo = transactions.preloan ? last!.day : EXTRACT_DATE
    for (const [i, [name, sql]] of queries.entries()) {
      stopIfAsked(options.signal)
      progress('write', i, queries.length)
      const rows = await engine.writeParquet(sql, join(folder, `${name}.parquet`))
      const ofAccount = name === 'transactions' || name === 'balances'
      written[name as TableName] = {
        files: [`${name}.parquet`],
        rows,
        coveredFrom: FIRST_DAY,
        coveredTo: ofAccount ? coveredTo : EXTRACT_DATE,
      }
    }
    progress('write', queries.length, queries.length)
    const dataset: Dataset = {
      format: 'glasscore.dataset',
      version: 1,
      name: 'berka',
      currency: 'CZK',
      extractDate: EXTRACT_DATE,
      tables: written,
      protectedColumns: ['born_on', 'sex'],
      outcome: berkaOutcome,
      notes: await berkaNotes(engine, {
        preloan: transactions.preloan,
        cards: 'card' in accepted,
        district: 'district' in accepted,
      }),
    }
    const rejectsFile = await writeRejects(engine, folder, tables)
    for (const name of Object.keys(accepted)) await engine.run(`DROP VIEW ${identifier(name)}`)
    await writeDataset(folder, dataset)
    return { dataset, report: reportOf(tables, warnings, rejectsFile) }
  })
}
