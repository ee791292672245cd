// The picture of docs/performance.md: seconds over rows and over columns, both logarithmic, and a line as steep as linear growth.
import * as Plot from '@observablehq/plot'
import { chart, pictureSvg, seriesStyle } from '../dist/charts.js'

const seriesOf = ({ measurements }, axis) => {
  const along = measurements.filter((m) => m.axis === axis).sort((a, b) => a[axis] - b[axis])
  const jobs = [...new Set(along.flatMap((m) => Object.keys(m.jobs)))]
  return jobs.map((name) => ({
    name,
    points: along.filter((m) => m.jobs[name]).map((m) => ({ size: m[axis], seconds: m.jobs[name].seconds })),
  }))
}

/** From the quickest at the smallest size, in proportion to size; ended where the slowest ends. */
const linear = (series) => {
  const all = series.flatMap(({ points }) => points)
  const sizes = all.map((p) => p.size)
  const [from, to] = [Math.min(...sizes), Math.max(...sizes)]
  const start = Math.min(...all.map((p) => p.seconds))
  const end = Math.min(to, (from * Math.max(...all.map((p) => p.seconds))) / start)
  return [from, end].map((size) => ({ size, seconds: (start * size) / from }))
}

const growthChart = (result, axis, title) => {
  const series = seriesOf(result, axis)
  return chart(
    { title, legend: series.map(({ name }, k) => ({ name, style: seriesStyle(k) })) },
    {
      marginLeft: 48,
      marginBottom: 40,
      x: { type: 'log', label: axis, tickFormat: '~s', ticks: 4 },
      y: { type: 'log', label: 'seconds', grid: true, tickFormat: '~g' },
      marks: [
        Plot.line(linear(series), {
          x: 'size',
          y: 'seconds',
          stroke: '#8a8a8a',
          strokeWidth: 1,
          strokeDasharray: '2 3',
        }),
        ...series.flatMap(({ points }, k) => {
          const { color, dash, symbol } = seriesStyle(k)
          const at = { x: 'size', y: 'seconds', stroke: color }
          return [
            Plot.line(points, { ...at, strokeWidth: 2, strokeDasharray: dash }),
            Plot.dot(points, { ...at, symbol, fill: 'white', strokeWidth: 1.5, r: 3.5 }),
          ]
        }),
      ],
    },
  )
}

/** @param result bench/compute/growth.json */
export const growthPicture = (result) => {
  const at = (axis) => result.measurements.find((m) => m.axis === axis)
  const number = (n) => n.toLocaleString('en-US')
  return pictureSvg(
    [
      growthChart(result, 'rows', `Seconds over rows, at ${number(at('rows').columns)} columns`),
      growthChart(result, 'columns', `Seconds over columns, at ${number(at('columns').rows)} rows`),
    ],
    { title: 'How the time of each job grows with rows and with columns, beside a dotted line of linear growth' },
  )
}
