/** What is measured: every method on the same forests and the same 100,000 rows of 70 columns. */

export type By = 'ours' | 'shap' | 'lightgbm' | 'woodelf'

export interface Method {
  by: By
  /** rows that stand for "not known"; absent: path-dependent */
  background?: number
}

/** A way to get the same values, on some of the rows where all of them would take too long. */
export interface Job {
  name: string
  model: string
  method: Method
  /** rows that are explained */
  rows: number
  /** the first trees of the forest, where all of them would take too long */
  trees?: number
}

export const ROWS = 100_000
export const COLUMNS = 70

/** Forests of LightGBM, which all peers read (bench/peers.yaml). */
export const MODELS = ['lightgbm-forest-depth8', 'lightgbm-forest-depth12'] as const
export type ModelName = (typeof MODELS)[number]

const BACKGROUNDS = [100, 10_000, ROWS] as const

export const methodName = ({ by, background }: Method): string =>
  `${by}-${background === undefined ? 'path' : background}`

const METHODS: readonly Method[] = [
  { by: 'ours' },
  ...BACKGROUNDS.map((background) => ({ by: 'ours' as const, background })),
  { by: 'lightgbm' },
  { by: 'woodelf' },
  ...BACKGROUNDS.map((background) => ({ by: 'woodelf' as const, background })),
  { by: 'shap' },
  { by: 'shap', background: 100 },
]

/** Trees of each forest. */
export const TREES: Readonly<Record<ModelName, number>> = {
  'lightgbm-forest-depth8': 100,
  'lightgbm-forest-depth12': 500,
}

/**
 * What is done of a job where all of it would take more than a minute or two; its seconds are scaled in proportion. shap and LightGBM go through rows one by one; woodelf and ours
 * through trees, each over all rows.
 */
const LESS: Readonly<Record<ModelName, Readonly<Record<string, { rows?: number; trees?: number }>>>> = {
  'lightgbm-forest-depth8': {
    'shap-path': { rows: 5000 },
    'shap-100': { rows: 1500 },
    'lightgbm-path': { rows: 5000 },
  },
  'lightgbm-forest-depth12': {
    'ours-path': { trees: 50 },
    'ours-100': { trees: 50 },
    'ours-10000': { trees: 50 },
    'ours-100000': { trees: 50 },
    'woodelf-path': { trees: 10 },
    'woodelf-100': { trees: 10 },
    'woodelf-10000': { trees: 10 },
    'woodelf-100000': { trees: 10 },
    'lightgbm-path': { rows: 100 },
    'shap-path': { rows: 50 },
    'shap-100': { rows: 40 },
  },
}

/**
 * @param rows of the whole job: fewer in a trial
 * @param uncut who does all of it, however long that takes
 */
export const jobsOf = (rows: number, uncut: readonly string[] = []): Job[] =>
  MODELS.flatMap((model) =>
    METHODS.map((method) => {
      const name = methodName(method)
      const background = method.background === undefined ? {} : { background: Math.min(method.background, rows) }
      const less = uncut.includes(method.by) ? undefined : LESS[model][name]
      return {
        name,
        model,
        method: { by: method.by, ...background },
        rows: Math.min(rows, less?.rows ?? rows),
        ...(less?.trees ? { trees: less.trees } : {}),
      }
    }),
  )
