/** Points of single persons by factor, and how points depend on the value of a factor. */
import { charts } from '../chart.ts'
import { beeswarmChart } from '../charts/beeswarm.ts'
import { dependenceChart } from '../charts/dependence.ts'
import { type Child, h } from '../html.ts'
import { named, shorten } from '../labels.ts'
import { count, figure, plain } from '../numbers.ts'
import type { RunReport } from '../runReport.ts'
import { unitWords } from '../words.ts'
import type { Explained } from './explained.ts'
import { at, note } from './parts.ts'

const yesNo = (value: number): string => (value === 1 ? 'yes' : value === 0 ? 'no' : plain(value))

const swarmsPart = (report: RunReport, explained: readonly Explained[]): Child => {
  const { drawn } = report
  const shown = explained.filter(({ importance }) => importance.swarm.length > 0)
  if (!drawn || shown.length === 0) return undefined
  const values = new Map(drawn.factors.map((f) => [f.factor, f.values]))
  return [
    h('h3', {}, 'Points of single persons'),
    note(
      'The factors that weigh most, one row each. A dot is one of ',
      figure(report, ['drawn', 'persons'], count),
      ' persons drawn at random from ',
      figure(report, ['drawn', 'ofPersons'], count),
      ', on one of their observation dates, the same persons for every model. To the right the factor adds points, to the left it takes some; where many persons have as many points the row is thick. Colors go by rank of the person’s own value, equal values alike: from the lowest, dark, to the highest, light. A category has no order and one color.',
    ),
    charts(
      shown.map(({ name, i, importance }) =>
        beeswarmChart(
          importance.swarm.map(({ factor, points }) => ({ name: factor, points, values: values.get(factor) ?? [] })),
          {
            title: `Points of each person: ${shorten(name, 180, 15)}`,
            caption: null,
            source: at('models', i, 'importance', 'swarm'),
          },
        ),
      ),
    ),
  ]
}

const dependencePart = (report: RunReport, { name, i, importance }: Explained): Child => {
  const values = new Map(report.drawn?.factors.map((f) => [f.factor, f.values]))
  const points = new Map(importance.swarm.map((s) => [s.factor, s.points]))
  return [
    h('h3', {}, 'Points by value: ', named(name)),
    note(
      'The factors that weigh most in the model of the person below. Line: the median of the points of all rows (',
      figure(report, ['models', i, 'importance', 'rows'], count),
      ') whose value lies there; band: the middle four fifths of them.',
      values.size > 0 && ' Dots: the persons drawn.',
      ' Where the band is broad at one value, other factors decide how much the value counts. Each chart has its own scale of points. Numbers over columns and beside levels are rows.',
    ),
    charts(
      importance.dependence.map(({ factor, unit, bins, levels, missing }, j) => {
        const [own, of] = [values.get(factor), points.get(factor)]
        return dependenceChart(
          { bins, levels, missing, ...(own && of ? { dots: { values: own, points: of } } : {}) },
          {
            title: shorten(factor, 340, 15),
            caption: null,
            axis: unit === '' ? 'value' : `value (${shorten(unitWords(unit), 220)})`,
            source: at('models', i, 'importance', 'dependence', j),
            ...(unit === 'yes/no' ? { format: yesNo } : {}),
          },
        )
      }),
    ),
  ]
}

export const factorPointsPart = (report: RunReport, explained: readonly Explained[]): Child => [
  swarmsPart(report, explained),
  explained.filter(({ importance }) => importance.dependence.length > 0).map((e) => dependencePart(report, e)),
]
