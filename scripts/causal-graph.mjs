// Draws docs/pictures/causal-graph.svg and writes the table of arrows into docs/population.md. Needs dist/ (npm run build).
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as Plot from '@observablehq/plot'
import { chartSvg } from '../dist/charts.js'

/** Name, column and height of each node. */
const NODES = [
  ['age', 0, 11],
  ['migrant', 0, 1.2],
  ['sex', 0, 9.6],
  ['willingness', 0, 7.6],
  ['capacity', 1, 9.6],
  ['stability', 2, 11],
  ['literacy', 2, 8.4],
  ['digital', 2, 2.6],
  ['hunger', 1, 5],
  ['leverage', 2, 5],
  ['responsibility', 2, 7.3],
  ['donation', 2, 6.3],
  ['income', 2, 9.6],
  ['risk', 3, 7],
  ['job loss', 3, 10.3],
  ['illness', 3, 11.4],
  ['mood', 3, 8.8],
  ['stress', 4, 10],
  ['bank account', 3, 4.2],
  ['pay later', 3, 2.4],
  ['rentals', 3, 0.9],
  ['episode of arrears', 4, 7],
  ['accounts and dues', 4, 2.6],
  ['default', 5, 5],
]

/** From, to, coefficient for the picture, and how it acts. */
const ARROWS = [
  ['willingness', 'capacity', 0.2, '0.2 of a standard deviation'],
  ['willingness', 'stability', 0.25, '0.25'],
  ['willingness', 'literacy', 0.25, '0.25'],
  ['willingness', 'hunger', -0.35, '−0.35'],
  ['willingness', 'risk', -0.8, '−0.8 on the log-hazard'],
  ['capacity', 'stability', 0.1, '0.1'],
  ['capacity', 'literacy', 0.3, '0.3'],
  ['capacity', 'digital', 0.3, '0.3'],
  ['capacity', 'hunger', -0.25, '−0.25'],
  ['capacity', 'income', 0.34, '0.34 on the log of pay, and the class of the occupation'],
  ['capacity', 'risk', -0.5, '−0.5 on the log-hazard'],
  ['capacity', 'job loss', -0.2, '−0.2 on the log-rate (0.7 % a month)'],
  ['capacity', 'bank account', 0.24, '0.24 on a probit scale'],
  ['age', 'stability', 0.2, '0.2 for 12.5 years'],
  ['age', 'digital', -0.35, '−0.35 for 12.5 years'],
  ['age', 'responsibility', 0.4, 'under 25 0.1, to 47 0.55, then 0.2 have dependents'],
  ['age', 'income', -0.12, '−0.12 times the square of the distance from 44 years, in 12.5 years'],
  ['age', 'illness', 0.25, '0.25 on the log-rate (0.9 % a month) for 12.5 years'],
  ['age', 'bank account', 0.3, '0.3 for 12.5 years, and from coming of age only'],
  ['age', 'pay later', -0.25, '−0.25 for 12.5 years, besides the part through digital'],
  ['sex', 'income', -0.06, '−0.06 on the log of pay for women; no other arrow leaves sex'],
  ['migrant', 'bank account', -0.2, '−0.2'],
  ['migrant', 'rentals', 0.4, '0.4'],
  ['stability', 'risk', -0.25, '−0.25 on the log-hazard'],
  ['stability', 'job loss', -0.3, '−0.3 on the log-rate'],
  ['literacy', 'risk', -0.15, '−0.15 on the log-hazard'],
  ['hunger', 'leverage', 0.2, '0.2'],
  ['hunger', 'pay later', 0.25, '0.25, and 0.3 on the log of the rate of plans'],
  ['leverage', 'risk', 0.42, '0.42 on the log-hazard'],
  ['leverage', 'bank account', 0.12, '0.12'],
  ['digital', 'pay later', 0.6, '0.6'],
  ['digital', 'rentals', 0.5, '0.5'],
  ['responsibility', 'risk', -0.4, 'with donation only: the interaction claim, see below'],
  ['donation', 'risk', -0.4, 'with responsibility only: the interaction claim, see below'],
  [
    'job loss',
    'stress',
    0.9,
    '0.9, and 0.25 for each month without work up to the fourth; found again with 24 % a month',
  ],
  ['illness', 'stress', 0.9, '0.9; over with 40 % a month'],
  ['mood', 'stress', 1, '1; carries over with 0.9 a month, shocks of 0.26'],
  [
    'risk',
    'episode of arrears',
    1,
    'begins with exp(−4.475 + risk + 0.8 stress) a month; ends with logistic(0.25 − 0.55 risk − 0.55 stress − 0.22 months, at most 5), from the eighth month with 7 %',
  ],
  [
    'stress',
    'episode of arrears',
    0.8,
    'as in the row above; it also raises pay-later plans (0.25 of the rate) and late days',
  ],
  ['bank account', 'accounts and dues', 1, 'cards of 3 to 7 years, loans of 1 to 3'],
  ['pay later', 'accounts and dues', 1, '3 to 12 instalments'],
  ['rentals', 'accounts and dues', 1, '6 or 12 months, without a deposit'],
  [
    'episode of arrears',
    'accounts and dues',
    -0.2,
    'lenders refuse from the 61st day of an episode to 30 days after it; cards and the first loan are not refused',
  ],
  ['episode of arrears', 'default', 1, 'dues in the episode wait for its end, on four of five accounts'],
  ['accounts and dues', 'default', 1, '90 days past due within the year'],
]

const place = new Map(NODES.map(([name, x, y]) => [name, { name, x: 1.7 * x, y }]))
const arrows = ARROWS.map(([from, to, weight]) => {
  const a = place.get(from)
  const b = place.get(to)
  return { x1: a.x, y1: a.y, x2: b.x, y2: b.y, weight }
})
const drawn = (data, stroke, strokeDasharray) =>
  Plot.arrow(data, {
    x1: 'x1',
    y1: 'y1',
    x2: 'x2',
    y2: 'y2',
    bend: 6,
    inset: 16,
    headLength: 7,
    stroke,
    strokeDasharray,
    strokeOpacity: 0.65,
    strokeWidth: (d) => 0.7 + 1.6 * Math.abs(d.weight),
  })
const svg = chartSvg('What causes default in the population: solid arrows raise, dashed ones lower', {
  width: 900,
  height: 520,
  marginLeft: 50,
  marginRight: 50,
  x: { axis: null, domain: [-0.3, 8.9] },
  y: { axis: null, domain: [0, 12] },
  marks: [
    drawn(
      arrows.filter((d) => d.weight > 0),
      '#b2452c',
    ),
    drawn(
      arrows.filter((d) => d.weight < 0),
      '#2b6a9b',
      '5 3',
    ),
    Plot.text([...place.values()], {
      x: 'x',
      y: 'y',
      text: 'name',
      fontSize: 12,
      fontWeight: 600,
      stroke: 'white',
      strokeWidth: 5,
      fill: '#222',
    }),
  ],
})
const docs = fileURLToPath(new URL('../docs/', import.meta.url))
writeFileSync(`${docs}pictures/causal-graph.svg`, `${svg.outerHTML}\n`)
const START = '<!-- arrows: written by scripts/causal-graph.mjs -->'
const END = '<!-- end of arrows -->'
const page = readFileSync(`${docs}population.md`, 'utf8')
const [from, to] = [page.indexOf(START), page.indexOf(END)]
if (from < 0 || to < from) throw new Error('docs/population.md has lost its markers')
const table = [
  '| from | to | how strongly |',
  '|---|---|---|',
  ...ARROWS.map(([a, b, , how]) => `| ${a} | ${b} | ${how} |`),
]
writeFileSync(`${docs}population.md`, `${page.slice(0, from)}${START}\n${table.join('\n')}\n${page.slice(to)}`)
console.log(`docs/pictures/causal-graph.svg, ${NODES.length} nodes and ${ARROWS.length} arrows`)
