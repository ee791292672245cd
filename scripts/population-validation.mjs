// Writes docs/population-validation.md: simulated against target for each calibrated quantity. Needs dist/ (npm run build).
//   node scripts/population-validation.mjs [people]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { registerDataset } from '../dist/engines/dataset.js'
import { openDuckDB } from '../dist/engines/duckdb.js'
import { readDataset } from '../dist/engines/folders.js'
import { identifier, literal } from '../dist/engines/sql.js'
import { features, simulate } from '../dist/index.js'
import { measureCalibration } from '../dist/population/calibration.js'

const people = Number(process.argv[2] ?? 20_000)
const date = '2025-01-01'
const work = mkdtempSync(join(tmpdir(), 'glasscore-validation-'))
try {
  const data = join(work, 'data')
  const factors = join(work, 'factors')
  await simulate({ people, asOf: date, seed: 1, out: data })
  await features({ data, out: factors })
  const engine = await openDuckDB()
  await registerDataset(engine, data, await readDataset(data))
  const rows = await measureCalibration(engine, {
    date,
    table: identifier,
    factors: `read_parquet(${literal(join(factors, 'features.parquet'))})`,
  })
  engine.close()
  const text = (x) => (Math.abs(x) >= 10 ? x.toFixed(1) : x.toFixed(3))
  const off = rows.filter((r) => r.off !== 0)
  const line = (r) =>
    `| ${r.name} | ${r.low === r.high ? text(r.low) : `${text(r.low)}–${text(r.high)}`} | ${text(r.simulated)} | ${r.off === 0 ? 'within' : `**off by ${r.off > 0 ? '+' : '−'}${text(Math.abs(r.off))}**`} | ${Math.round(r.n).toLocaleString('en-US')} | ${r.basis} | ${r.about} |`
  writeFileSync(
    fileURLToPath(new URL('../docs/population-validation.md', import.meta.url)),
    `# Validation of the synthetic population

Written by \`node scripts/population-validation.mjs ${people}\` (${people.toLocaleString('en-US')} people, seed 1, observation date ${date}); the targets are data in
\`src/population/calibration.ts\`. A single figure counts as met within 0.015. Ranges called "our choice" are illustrative: they say what we hold to be plausible, and
no source. Bands: eight uneven published edges are read as ninths of a population, so that 0.444 and 0.889 should lie below the fourth and the eighth, give or
take 0.15; whose population they were taken from is not published.

${rows.length - off.length} of ${rows.length} are within. Off: ${off.length === 0 ? 'none' : off.map((r) => `${r.name} (${r.off > 0 ? '+' : '−'}${text(Math.abs(r.off))})`).join(', ')}.

| quantity | target | simulated | | measured on | basis | what it is |
|---|---|---:|---|---:|---|---|
${rows.map(line).join('\n')}
`,
  )
  console.log(`docs/population-validation.md: ${rows.length - off.length} of ${rows.length} within`)
} finally {
  rmSync(work, { recursive: true, force: true })
}
