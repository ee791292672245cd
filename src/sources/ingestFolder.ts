/** Helpers of every ingest: staged rows beside the output, the rejects file, and the report. */
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../engines/engine.ts'
import { literal } from '../engines/sql.ts'
import { writeFolderAtomic } from '../util/atomic.ts'
import { interruptedError } from '../util/errors.ts'
import type { IngestReport } from './rejects.ts'
import type { Validated } from './validate.ts'

/** The name of the file of rejected rows in an output folder. */
export const REJECTS_FILE = 'rejects.csv'

/**
 * Writes the rejected rows of all tables to one CSV, whole or not at all, and lets go of them. It is the last step that
 * uses them; null when there is no reject.
 */
export const writeRejects = async (
  engine: Engine,
  folder: string,
  tables: readonly Validated[],
): Promise<string | null> => {
  const some = tables.filter((t) => t.report.rejected.length > 0)
  if (some.length === 0) {
    for (const t of tables) await t.release()
    return null
  }
  const target = join(folder, REJECTS_FILE)
  const temporary = `${target}.tmp-${process.pid}-0`
  const sql = some.map((t, i) => `SELECT ${i} AS place, * FROM (${t.rejects})`).join(' UNION ALL ')
  await engine.run(
    `COPY (SELECT * EXCLUDE (place) FROM (${sql}) ORDER BY place, "row", reason) TO ${literal(temporary)} (FORMAT csv, HEADER true)`,
  )
  await rename(temporary, target)
  for (const t of tables) await t.release()
  return REJECTS_FILE
}

/**
 * Fills an output folder whole or not at all. `fill` gets the folder and a scratch folder inside it, which is removed
 * before the folder appears under its own name.
 */
export const ingestInto = <T>(out: string, fill: (folder: string, scratch: string) => Promise<T>): Promise<T> =>
  writeFolderAtomic(out, async (folder) => {
    const scratch = join(folder, 'scratch')
    await mkdir(scratch)
    try {
      return await fill(folder, scratch)
    } finally {
      await rm(scratch, { recursive: true, force: true })
    }
  })

/** The report over all tables of an ingest. */
export const reportOf = (
  tables: readonly Validated[],
  warnings: readonly string[],
  rejectsFile: string | null,
): IngestReport => ({
  tables: tables.map((t) => t.report),
  warnings: [...tables.flatMap((t) => t.report.warnings), ...warnings],
  rejectsFile,
})

/** Stops at a safe place when the user asked to: what was being written disappears with its temporary folder. */
export const stopIfAsked = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw interruptedError()
}
