import { came, isRecord } from '../kernels/checkInput.ts'
import { checkNames, checkNumber } from '../models/checkOptions.ts'
import { usageError } from '../util/errors.ts'

/** All applicants of the table. */
export interface AllApplicants {
  kind: 'all'
}

/** Applicants at or just above a cut-off. */
export interface NearCutoff {
  kind: 'near_cutoff'
  /** lowest score that passes */
  cutoff: number
  /** points above the cut-off, the end left out; default 25 */
  width?: number
  /** rows that there should be: the width is doubled, tripled, ... until there are, or nobody is left; default 100 */
  least?: number
}

/** Applicants of one level of a protected column. */
export interface ReferenceGroup {
  kind: 'reference_group'
  column: string
  level: string
}

/** Applicants observed from one ISO day to another, both included. */
export interface Period {
  kind: 'period'
  from: string
  to: string
}

/** Which rows are the background. */
export type BackgroundSpec = AllApplicants | NearCutoff | ReferenceGroup | Period

export const DEFAULT_WIDTH = 25
export const DEFAULT_LEAST = 100

const KINDS = ['all', 'near_cutoff', 'reference_group', 'period'] as const

const checkText = (option: string, value: unknown): string => {
  if (typeof value !== 'string' || value === '')
    throw usageError('invalid background', { option: `background.${option}`, expected: 'a text', got: came(value) })
  return value
}

const checkDay = (option: string, value: unknown): string => {
  const day = checkText(option, value)
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00:00Z`) : undefined
  if (!at || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day)
    throw usageError('invalid background', {
      option: `background.${option}`,
      expected: 'a day as 2024-01-31',
      got: day,
    })
  return day
}

/**
 * The rule with its defaults.
 * @throws GlasscoreError('usage') for an unknown rule and for options that are not its own
 */
export const checkSpec = (spec: BackgroundSpec): AllApplicants | Required<NearCutoff> | ReferenceGroup | Period => {
  if (!isRecord(spec))
    throw usageError('this is no background', { option: 'background', expected: '{ kind, ... }', got: came(spec) })
  switch (spec.kind) {
    case 'all':
      checkNames<AllApplicants>(spec, { kind: true }, 'background.')
      return spec
    case 'near_cutoff': {
      checkNames<NearCutoff>(spec, { kind: true, cutoff: true, width: true, least: true }, 'background.')
      const { cutoff, width = DEFAULT_WIDTH, least = DEFAULT_LEAST } = spec
      return {
        kind: 'near_cutoff',
        cutoff: checkNumber('background.cutoff', cutoff, { min: -1e9, max: 1e9 }),
        width: checkNumber('background.width', width, { above: 0, max: 1e9 }),
        least: checkNumber('background.least', least, { min: 1, max: 2 ** 31, whole: true }),
      }
    }
    case 'reference_group':
      checkNames<ReferenceGroup>(spec, { kind: true, column: true, level: true }, 'background.')
      checkText('column', spec.column)
      checkText('level', spec.level)
      return spec
    case 'period':
      checkNames<Period>(spec, { kind: true, from: true, to: true }, 'background.')
      if (checkDay('from', spec.from) > checkDay('to', spec.to))
        throw usageError('the period ends before it begins', {
          option: 'background.to',
          expected: `${spec.from} or later`,
          got: spec.to,
        })
      return spec
    default:
      throw usageError('there is no such background', {
        option: 'background.kind',
        expected: `one of ${KINDS.join(', ')}`,
        got: (spec as { kind?: unknown }).kind,
      })
  }
}
