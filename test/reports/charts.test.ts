import { describe, expect, it } from 'vitest'
import * as charts from '../../src/charts.ts'
import { printable } from '../../src/util/errors.ts'
import { all, type Element, foreignMarkup, parsePage } from './checkPage.ts'
import { fixtureReport, HOSTILE } from './fixture.ts'

const report = fixtureReport({ factors: 30 })
const { curves, importance } = report.models[0]!
const person = report.person!

/** The drawing of a figure; the samples of its legend are drawings too. */
const drawing = (figure: charts.Markup): Element =>
  all(parsePage(`<html><body>${figure.outerHTML}</body></html>`), 'figure > svg')[0]!
const marks = (figure: charts.Markup, label: string, shape: string): number =>
  all(drawing(figure), `[data-mark="${label}"] ${shape}`).length
const texts = (figure: charts.Markup): string[] => all(drawing(figure), 'text').map((t) => t.textContent)

const series = report.models.map((m) => ({ model: m.name, points: m.curves.roc }))
const approval = report.models.map((m) => ({ model: m.name, points: m.curves.approval, atCutoff: m.curves.atCutoff }))
const estimates = report.models.map((m) => ({ name: m.name, ...m.figures.auc }))
const bars = importance!.factors.slice(0, 15).map((f) => ({ name: f.factor, value: f.meanAbsolutePoints }))
const shares = importance!.dimensions.map((d) => ({
  name: d.dimension,
  declaredShare: d.declaredShare,
  shares: report.models.map((m) => m.importance!.dimensions.find((x) => x.dimension === d.dimension)!.share),
}))
const axes = person.dimensions.map((d) => ({ ...d, name: d.dimension }))

const swarm = importance!.swarm.map(({ factor, points }) => ({
  name: factor,
  points,
  values: report.drawn!.factors.find((f) => f.factor === factor)!.values,
}))
const [ofFlag, ofNumber, ofLevels] = importance!.dependence.map((d, j) => ({
  ...d,
  dots: { values: swarm[j]!.values, points: swarm[j]!.points },
}))
const game = importance!.dimensions.map((d) => ({
  name: d.dimension,
  exact: { value: d.meanAbsolutePoints, low: d.low, high: d.high },
  members: { value: d.members.meanAbsolutePoints, low: d.members.low, high: d.members.high },
}))
/** Dots of paths that hold many: color → where each lies. */
const dotsOf = (figure: charts.Markup): Map<string, { x: number; y: number }[]> =>
  new Map(
    all(drawing(figure), '[data-mark=dots] path').map((path) => {
      let [x, y] = [0, 0]
      const places = [...path.getAttribute('d')!.matchAll(/m(-?[\d.]+)\s?(-?[\d.]+)h0/g)].map(([, dx, dy]) => {
        x += Number(dx)
        y += Number(dy)
        return { x, y }
      })
      return [path.getAttribute('stroke')!, places] as const
    }),
  )

const EVERY: [name: string, draw: () => charts.Markup][] = [
  ['roc', () => charts.rocChart(series)],
  ['ks', () => charts.ksChart(curves.ksCurve)],
  ['calibration', () => charts.calibrationChart(curves.calibration)],
  ['score distribution', () => charts.scoreDistributionChart(curves.scores, { cutoff: 650 })],
  ['bad rates', () => charts.badRateChart(curves.bands, { axis: 'band' })],
  ['approval', () => charts.approvalChart(approval)],
  ['approval by cutoff', () => charts.approvalByCutoffChart(approval, { cutoff: 650 })],
  ['intervals', () => charts.intervalChart(estimates, { axis: 'AUC', reference: 0.5 })],
  ['bars', () => charts.barChart(bars, { axis: 'points', format: (x) => x.toFixed(1) })],
  [
    'dimension shares',
    () =>
      charts.dimensionShareChart(
        shares,
        report.models.map((m) => m.name),
      ),
  ],
  ['people', () => charts.peopleWaterfallChart(report.waterfall)],
  ['receipt', () => charts.receiptChart(person)],
  ['pentagon', () => charts.pentagonChart(axes)],
  ['beeswarm', () => charts.beeswarmChart(swarm)],
  ['dependence on a flag', () => charts.dependenceChart(ofFlag!)],
  ['dependence on a number', () => charts.dependenceChart(ofNumber!, { axis: 'money' })],
  ['dependence on levels', () => charts.dependenceChart(ofLevels!)],
  ['dimensions in two ways', () => charts.dimensionGameChart(game)],
]

describe('charts', () => {
  it('have as many marks as data', () => {
    expect(marks(charts.rocChart(series), 'line', 'path')).toBe(4 + 1)
    expect(marks(charts.ksChart(curves.ksCurve), 'line', 'path')).toBe(2)
    expect(marks(charts.ksChart(curves.ksCurve), 'rule', 'line')).toBe(1)
    const calibration = charts.calibrationChart(curves.calibration)
    expect(marks(calibration, 'dot', 'circle')).toBe(curves.calibration.length)
    expect(marks(calibration, 'rule', 'line')).toBe(curves.calibration.length)
    expect(marks(charts.scoreDistributionChart(curves.scores), 'rect', 'rect')).toBe(2 * curves.scores.length)
    expect(marks(charts.badRateChart(curves.deciles, { axis: 'decile' }), 'dot', 'circle')).toBe(10)
    expect(marks(charts.badRateChart(curves.deciles, { axis: 'decile' }), 'dot', 'path')).toBe(10)
    expect(marks(charts.approvalChart(approval), 'line', 'path')).toBe(4)
    expect(marks(charts.approvalByCutoffChart(approval), 'line', 'path')).toBe(4)
    expect(marks(charts.intervalChart(estimates, { axis: 'AUC' }), 'link', 'path')).toBe(4)
    expect(marks(charts.barChart(bars, { axis: 'points' }), 'bar', 'rect')).toBe(15)
    const share = charts.dimensionShareChart(shares, ['a', 'b', 'c', 'd'])
    expect(marks(share, 'dot', '*')).toBe(4 * shares.length)
    expect(marks(share, 'tick', 'line')).toBe(shares.length)
    expect(marks(charts.peopleWaterfallChart(report.waterfall), 'bar', 'rect')).toBe(report.waterfall.length)
    const moved = person.factors.filter((f) => f.points !== 0).length
    expect(moved).toBeGreaterThan(13)
    // twelve factors, the others in one bar
    expect(marks(charts.receiptChart(person), 'bar', 'rect')).toBe(13 + (person.scaleLimit === 0 ? 0 : 1))
    expect(marks(charts.receiptChart(person, { most: 100 }), 'bar', 'rect')).toBe(
      moved + (person.scaleLimit === 0 ? 0 : 1),
    )
    expect(marks(charts.pentagonChart(axes), 'dot', 'circle')).toBe(5)
  })

  it('draw rings and spokes for any number of dimensions from three, and bars below', () => {
    for (const k of [3, 5, 12]) {
      const many = Array.from({ length: k }, (_, i) => ({ name: `d${i}`, points: i, percentile: i / k }))
      expect(marks(charts.pentagonChart(many), 'dot', 'circle')).toBe(k)
      expect(marks(charts.pentagonChart(many), 'link', 'path')).toBe(k)
      expect(marks(charts.pentagonChart(many), 'text', 'text')).toBe(k)
    }
    expect(marks(charts.pentagonChart(axes.slice(0, 2)), 'bar', 'rect')).toBe(2)
  })

  it('draw KS as steps: nowhere does a line rise between two scores', () => {
    const points = [
      { score: 500, cumulativeGood: 0.1, cumulativeBad: 0.5 },
      { score: 711, cumulativeGood: 0.6, cumulativeBad: 0.9 },
      { score: 771, cumulativeGood: 1, cumulativeBad: 1 },
    ]
    /** How many lines of a path are slanted, and how many upright: "M1,2L3,4H5V6". */
    const lines = (d: string): [slanted: number, upright: number] => {
      let [x, y, slanted, upright] = [Number.NaN, Number.NaN, 0, 0]
      for (const [, command, rest] of d.matchAll(/([MLHV])([^MLHV]*)/g)) {
        const numbers = rest!.split(',').map(Number)
        const [nextX, nextY] =
          command === 'H' ? [numbers[0]!, y] : command === 'V' ? [x, numbers[0]!] : [numbers[0]!, numbers[1]!]
        if (command !== 'M' && nextY !== y) {
          if (nextX === x) upright++
          else slanted++
        }
        ;[x, y] = [nextX, nextY]
      }
      return [slanted, upright]
    }
    const drawn = all(drawing(charts.ksChart(points)), '[data-mark=line] path').map((p) => p.getAttribute('d')!)
    // One rise a score.
    expect(drawn.map(lines)).toEqual([
      [0, 3],
      [0, 3],
    ])
    const roc = charts.rocChart([
      { model: 'a', points: [0, 0.5, 1].map((x) => ({ falsePositiveRate: x, truePositiveRate: x })) },
    ])
    expect(lines(all(drawing(roc), '[data-mark=line] path').at(-1)!.getAttribute('d')!)).toEqual([2, 0])
    expect(marks(charts.ksChart(points.slice(2)), 'line', 'path')).toBe(2)
  })

  it('call a figure of so many corners by its name', () => {
    const titles = [2, 3, 4, 5, 6, 12].map((k) => {
      const many = Array.from({ length: k }, (_, i) => ({ name: `d${i}`, points: i, percentile: 0.5 }))
      return drawing(charts.pentagonChart(many)).getAttribute('aria-label')
    })
    expect(titles).toEqual([
      'Dimensions',
      'Triangle of dimensions',
      'Quadrangle of dimensions',
      'Pentagon of dimensions',
      'Hexagon of dimensions',
      'Polygon of dimensions',
    ])
  })

  it('place the corners of the pentagon by percentile', () => {
    const corner = (percentile: number): number => {
      const three = [
        { name: 'a', points: 0, percentile },
        ...['b', 'c'].map((name) => ({ name, points: 0, percentile: 0.5 })),
      ]
      return Number(all(drawing(charts.pentagonChart(three)), '[data-mark=dot] circle')[0]!.getAttribute('cy'))
    }
    // The first axis points up: the radius grows as cy falls, in equal steps.
    expect(corner(0) - corner(0.5)).toBeCloseTo(corner(0.5) - corner(1), 6)
    expect(corner(0)).toBeGreaterThan(corner(1))
  })

  it('lead from base to score without a gap', () => {
    const receipt = {
      base: 600,
      factors: [5, -7, 0, 3, 1].map((points, i) => ({ factor: `f${i}`, points })),
      scaleLimit: -2,
      score: 600,
    }
    const steps = charts.receiptBars(receipt, 2)
    expect(steps.map((b) => b.text)).toEqual(['600', '\u22127', '+5', '+4', '\u22122', '600'])
    expect(steps.map((b) => b.label)).toEqual(['base', 'f1', 'f0', '2 other factors', 'limit of the scale', 'score'])
    for (const [i, bar] of steps.slice(1).entries()) expect(bar.from).toBe(steps[i]!.to)
    // a broken receipt does not close
    const broken = charts.receiptBars({ ...receipt, score: 601 }, 2)
    expect(broken.at(-1)!.from).not.toBe(broken.at(-2)!.to)
  })

  it('have a dot for each person and factor, gray and counted where the value is missing', () => {
    const figure = charts.beeswarmChart(swarm)
    const dots = [...dotsOf(figure).values()].flat()
    expect(dots).toHaveLength(swarm.reduce((sum, row) => sum + row.points.length, 0))
    const missing = swarm.map((row) => row.values.filter((v) => v === null).length)
    expect(dotsOf(figure).get('#a6a6a6')).toHaveLength(missing.reduce((a, b) => a + b, 0))
    expect(texts(figure).filter((t) => t.endsWith(' missing'))).toEqual(
      missing.filter((n) => n > 0).map((n) => `${n} missing`),
    )
    const legend = all(parsePage(`<html><body>${figure.outerHTML}</body></html>`), '.legend bdi')
    expect(legend.map((e) => e.textContent)).toEqual(['low to high value', 'category', 'missing'])
    // a swarm with less to tell says less
    const plain = charts.beeswarmChart([{ name: 'a', points: [1, 2], values: [1, 2] }])
    expect(all(parsePage(`<html><body>${plain.outerHTML}</body></html>`), '.legend bdi')).toHaveLength(1)
  })

  it('place dots by points: equal steps, zero on the line, low and high values in colors of their own', () => {
    const figure = charts.beeswarmChart([{ name: 'a', points: [-10, 0, 10], values: [1, 2, 3] }])
    const found = dotsOf(figure)
    const [low, middle, high] = [charts.VALUE_COLORS[0]!, charts.VALUE_COLORS[4]!, charts.VALUE_COLORS[7]!].map(
      (color) => found.get(color)![0]!,
    )
    // tenths of pixels
    expect(high!.x - middle!.x).toBeCloseTo(middle!.x - low!.x, 0)
    expect(high!.x).toBeGreaterThan(middle!.x)
    const zero = all(drawing(figure), '[data-mark=rule] line').map((l) => Number(l.getAttribute('x1')))
    expect(zero.some((x) => Math.abs(x - middle!.x) < 0.1)).toBe(true)
    // the twin whose points are turned around is seen
    const turned = dotsOf(charts.beeswarmChart([{ name: 'a', points: [10, 0, -10], values: [1, 2, 3] }]))
    expect(turned.get(charts.VALUE_COLORS[0]!)![0]!.x).toBeGreaterThan(middle!.x)
  })

  it('draw a box and a line for every bin, level and for missing values, and every dot', () => {
    for (const data of [ofFlag!, ofNumber!, ofLevels!]) {
      const boxes = (data.bins ?? data.levels)!.length + (data.missing ? 1 : 0)
      const figure = charts.dependenceChart(data)
      expect(marks(figure, 'rect', 'rect')).toBe(boxes)
      expect(marks(figure, 'link', 'path')).toBe(boxes)
      const shown = data.dots.values.filter((v) => v !== null || data.missing).length
      expect([...dotsOf(figure).values()].flat()).toHaveLength(shown)
      expect(texts(figure).includes('missing')).toBe(data.missing !== null)
    }
    const nobody = dotsOf(charts.dependenceChart({ ...ofNumber!, missing: null }))
    expect([...nobody.values()].flat()).toHaveLength(ofNumber!.dots.values.filter((v) => v !== null).length)
    // within the drawing, also where the bins end before the dots do
    const short = dotsOf(charts.dependenceChart({ ...ofNumber!, bins: ofNumber!.bins!.slice(0, 1) }))
    for (const { x } of [...short.values()].flat()) {
      expect(x).toBeGreaterThan(0)
      expect(x).toBeLessThan(charts.CHART_WIDTH)
    }
    expect(texts(charts.dependenceChart(ofLevels!)).some((t) => t === '2 others')).toBe(true)
    expect(texts(charts.dependenceChart(ofFlag!, { format: (v) => (v ? 'yes' : 'no') }))).toEqual(
      expect.arrayContaining(['no', 'yes']),
    )
  })

  it('say when values are on a log scale', () => {
    const spread = { rows: 5, low: -1, median: 0, high: 1 }
    const wide = Array.from({ length: 10 }, (_, k) => ({ from: 3 ** k, to: 3 ** (k + 1) - 1, ...spread }))
    const told = (figure: charts.Markup) => texts(figure).some((t) => t.includes('log scale'))
    expect(told(charts.dependenceChart({ bins: wide, levels: null, missing: null }))).toBe(true)
    const even = wide.map((b, k) => ({ ...b, from: k, to: k + 0.9 }))
    expect(told(charts.dependenceChart({ bins: even, levels: null, missing: null }))).toBe(false)
  })

  it('draw both counts of a dimension, each with its interval', () => {
    const figure = charts.dimensionGameChart(game)
    expect(marks(figure, 'dot', '*')).toBe(2 * game.length)
    expect(marks(figure, 'link', 'path')).toBe(2 * game.length)
    const without = game.map((g) => ({ ...g, members: { value: null, low: null, high: null } }))
    expect(marks(charts.dimensionGameChart(without), 'dot', '*')).toBe(game.length)
  })

  it('draw the interval of a bar across its end', () => {
    const bars = [
      { name: 'a', value: 5, low: 4, high: 7 },
      { name: 'b', value: 3 },
    ]
    expect(marks(charts.barChart(bars, { axis: 'points' }), 'link', 'path')).toBe(1)
  })

  it('keep the place of what has no value, and say n/a', () => {
    const rows = [
      { name: 'a', value: null, low: null, high: null },
      { name: 'b', value: 0.7, low: null, high: null },
    ]
    expect(texts(charts.intervalChart(rows, { axis: 'AUC' }))).toContain('n/a')
    expect(texts(charts.barChart([{ name: 'a', value: null }], { axis: 'x', format: String }))).toContain('n/a')
    const empty = { label: 'fair', badRate: null, predicted: null }
    expect(marks(charts.badRateChart([empty, curves.bands[0]!], { axis: 'band' }), 'dot', 'circle')).toBe(1)
  })

  it.each(EVERY)('can be drawn without data: %s is drawn whole', (_name, draw) => {
    expect(drawing(draw()).outerHTML).not.toMatch(/NaN|Infinity|undefined/)
  })

  it('can be drawn of nothing', () => {
    const nothing = [
      charts.rocChart([]),
      charts.ksChart([]),
      charts.calibrationChart([]),
      charts.scoreDistributionChart([]),
      charts.badRateChart([], { axis: 'band' }),
      charts.approvalChart([]),
      charts.approvalByCutoffChart([]),
      charts.intervalChart([], { axis: 'AUC' }),
      charts.barChart([], { axis: 'points' }),
      charts.dimensionShareChart([], []),
      charts.peopleWaterfallChart([]),
      charts.receiptChart({ base: 650, factors: [], scaleLimit: 0, score: 650 }),
      charts.pentagonChart([]),
      charts.beeswarmChart([]),
      charts.beeswarmChart([{ name: 'a', points: [], values: [] }]),
      charts.dependenceChart({ bins: [], levels: null, missing: null }),
      charts.dependenceChart({ bins: null, levels: [], missing: null }),
      charts.dependenceChart({ bins: [], levels: null, missing: { rows: 3, low: 0, median: 0, high: 0 } }),
      charts.dimensionGameChart([]),
    ]
    for (const figure of nothing) expect(drawing(figure).outerHTML).not.toMatch(/NaN|Infinity|undefined/)
  })

  it.each(EVERY)('give the same bytes each time, with no ids to collide: %s', (_name, draw) => {
    expect(draw().outerHTML).toBe(draw().outerHTML)
    expect(all(drawing(draw()), '[id]')).toEqual([])
  })

  it('show hostile names as text, shortened to the room there is', () => {
    const rows = HOSTILE.map((name, i) => ({ name, value: i, low: i - 1, high: i + 1 }))
    const figure = charts.intervalChart(rows, { axis: 'x', title: HOSTILE[1]! })
    expect(foreignMarkup(drawing(figure))).toEqual([])
    // as it is written, where attributes are escaped too: a file of its own must be valid
    expect(figure.outerHTML).not.toMatch(/<script|<img|<svg onload/)
    const shown = texts(figure)
    expect(shown.some((t) => t.endsWith('…'))).toBe(true)
    for (const text of shown) expect(text.length).toBeLessThan(60)
    for (const text of shown) expect(printable(text)).toBe(text)
  })

  it('keep names apart that look the same when shortened', () => {
    const twins = ['a', 'b'].map((end) => ({ name: `${'x'.repeat(60)}${end}`, value: 1 }))
    expect(marks(charts.barChart(twins, { axis: 'x' }), 'bar', 'rect')).toBe(2)
    const ys = all(drawing(charts.barChart(twins, { axis: 'x' })), '[data-mark=bar] rect').map((r) =>
      r.getAttribute('y'),
    )
    expect(new Set(ys).size).toBe(2)
  })
})
