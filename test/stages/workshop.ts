/** A small ready table and its mapping on disk, and folders that go away after the test. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { random } from '../../src/util/random.ts'

export const workshop = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'glasscore-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface TableOptions {
  rows?: number
  /** adds a column that knows the outcome, shifted by this many deviations */
  future?: number
  seed?: number
}

/** Customers with income, debt, region (text), some missing values, sex (protected) and an outcome. */
export const writeTable = (folder: string, options: TableOptions = {}): string => {
  const { rows = 600, future = 0, seed = 1 } = options
  const stream = random(seed)
  const lines = [`id,income,debt,region,sex,${future ? 'closing_code,' : ''}outcome`]
  for (let i = 0; i < rows; i++) {
    const risk = stream.normal()
    const income = Math.exp(10 - 0.4 * risk + 0.4 * stream.normal())
    const debt = stream.next() < 0.1 ? '' : (5000 * Math.exp(0.5 * risk + 0.3 * stream.normal())).toFixed(2)
    const region = ['north', 'south', 'west'][stream.integer(3)]
    const bad = stream.next() < 1 / (1 + Math.exp(1.6 - 1.4 * risk)) ? 1 : 0
    const code = future ? `${(bad * future + stream.normal()).toFixed(3)},` : ''
    lines.push(
      `c${String(i).padStart(5, '0')},${income.toFixed(2)},${debt},${region},${stream.next() < 0.5 ? 'f' : 'm'},${code}${bad}`,
    )
  }
  const file = join(folder, 'customers.csv')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

export const MAPPING = `format: glasscore.mapping
version: 1
kind: features
name: customers
file: customers.csv
id: id
observationDate: 2024-06-30
currency: EUR
target: { column: outcome, bad: [1], good: [0] }
outcome: { text: 'Bad: the customer defaulted within a year.' }
protected: [sex]
columns:
  income: { kind: number, unit: EUR, scale: log }
  debt: { kind: number, unit: EUR, scale: log }
  region: { kind: category }
groups:
  money: [income, debt]
  place: [region]
expectedRisk: { income: down, debt: up }
`

export const writeMapping = (folder: string, text = MAPPING): string => {
  const file = join(folder, 'customers.mapping.yaml')
  writeFileSync(file, text)
  return file
}

/** Customers with the day on which each was seen. */
export const DATED_MAPPING = MAPPING.replace('observationDate: 2024-06-30', 'observationDate: { column: seen }')

/** The same table, of which the first half of the customers was seen in March and the others in June. */
export const writeDatedTable = (folder: string, rows: number): string => {
  const csv = writeTable(folder, { rows })
  const lines = readFileSync(csv, 'utf8').trim().split('\n')
  const dated = lines.map((line, i) => `${line},${i === 0 ? 'seen' : i <= rows / 2 ? '2024-03-31' : '2024-06-30'}`)
  writeFileSync(csv, `${dated.join('\n')}\n`)
  return writeMapping(folder, DATED_MAPPING)
}

export const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T
