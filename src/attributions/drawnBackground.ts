import type { Random } from '../util/random.ts'

/** Which background rows the draws of a sampled explanation use. */
export interface DrawnBackground {
  /** position of each row that is used, each once */
  rows: Int32Array
  /** draws of each of them */
  each: number
}

/**
 * Where there are at least two draws for every background row, all rows are used equally often: nothing of the background is left to chance,
 * and the spread within rows is the error. Where there are fewer, rows are drawn without repeating one, for one draw each, and the
 * error counts that other rows might have been drawn.
 * @param count rows of the background
 * @param draws at most; at least 2
 */
export const drawBackground = (count: number, draws: number, random: Random): DrawnBackground => {
  const all = Int32Array.from({ length: count }, (_, i) => i)
  if (draws >= 2 * count) return { rows: all, each: Math.floor(draws / count) }
  const used = Math.min(draws, count)
  const stream = random.fork('background')
  for (let i = 0; i < used; i++) {
    const j = i + stream.integer(count - i)
    const held = all[i]!
    all[i] = all[j]!
    all[j] = held
  }
  return { rows: all.slice(0, used).sort(), each: 1 }
}
