/** What the command line shows: one progress line on a terminal (stderr), tables and paths on stdout. */
import Table from 'cli-table3'
import ora from 'ora'
import { printable } from '../util/errors.ts'
import type { Progress } from '../util/progress.ts'

/** A progress line that is silent when stderr is not a terminal. */
export const progressLine = (): { progress: Progress; stop: () => void } => {
  if (!process.stderr.isTTY) return { progress: () => {}, stop: () => {} }
  const spinner = ora({ stream: process.stderr, discardStdin: false })
  let last = 0
  return {
    progress: (step, done, total) => {
      const now = performance.now()
      if (now - last < 80 && done !== 0 && done !== total) return
      last = now
      spinner.text = total > 0 ? `${step} ${Math.floor((100 * done) / total)} %` : step
      if (!spinner.isSpinning) spinner.start()
    },
    stop: () => spinner.stop(),
  }
}

/** A plain table; numbers are aligned to the right. */
export const renderTable = (head: readonly string[], rows: readonly (readonly unknown[])[]): string => {
  const right = head.map(
    (_, j) => rows.length > 0 && rows.every((r) => typeof r[j] === 'number' || /^[-+]?[\d.,]/.test(String(r[j]))),
  )
  const table = new Table({
    head: [...head],
    colAligns: right.map((r) => (r ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
    chars: {
      'top-mid': '',
      'bottom-mid': '',
      'left-mid': '',
      'mid-mid': '',
      'right-mid': '',
      middle: '  ',
      left: '',
      right: '',
      top: '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-left': '',
      'bottom-right': '',
      mid: '',
    },
  })
  for (const row of rows) table.push(row.map((value) => printable(String(value ?? ''))))
  return table.toString()
}

export const formatCount = (n: number): string => n.toLocaleString('en-US')
export const formatFixed = (x: number | null | undefined, digits = 3): string =>
  x === null || x === undefined || !Number.isFinite(x) ? 'n/a' : x.toFixed(digits).replace(/^-(?=[0.]*$)/, '')
export const formatBytes = (n: number): string =>
  `${(n / 2 ** 20).toLocaleString('en-US', { maximumFractionDigits: 0 })} MiB`
