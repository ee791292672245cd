/**
 * Colors and lines that stay apart for the color-blind and in print: the palette of Okabe & Ito (Color Universal Design, 2008).
 * Color never stands alone: dashes, symbols or labels say the same.
 */
export const COLORS = {
  good: '#0072B2',
  bad: '#D55E00',
  neutral: '#767676',
  ink: '#1a1a1a',
  faint: '#d9d9d9',
  accent: '#009E73',
} as const

/**
 * From a low value to a high one, in eight classes: lightness rises from each to the next, so that they stay apart for the color-blind and in gray. The
 * lower four fifths of plasma (van der Walt & Smith 2015, of matplotlib); the rest is too light for white paper. Neither end is a color of good or bad.
 */
export const VALUE_COLORS: readonly string[] = [
  '#0d0887',
  '#48039f',
  '#7501a8',
  '#9e199d',
  '#c13b82',
  '#db5c68',
  '#f07f4f',
  '#fca636',
]

/** How one of several models, runs or groups is drawn. */
export interface SeriesStyle {
  color: string
  /** SVG stroke-dasharray; empty: a full line */
  dash: string
  /** a symbol of Observable Plot */
  symbol: 'circle' | 'square' | 'triangle' | 'diamond' | 'times' | 'wye' | 'star' | 'plus'
}

const STYLES: readonly SeriesStyle[] = [
  { color: '#0072B2', dash: '', symbol: 'circle' },
  { color: '#D55E00', dash: '6 3', symbol: 'square' },
  { color: '#009E73', dash: '2 2', symbol: 'triangle' },
  { color: '#CC79A7', dash: '8 3 2 3', symbol: 'diamond' },
  { color: '#7a5c00', dash: '1 3', symbol: 'times' },
  { color: '#56B4E9', dash: '12 3', symbol: 'wye' },
  { color: '#1a1a1a', dash: '4 2 1 2 1 2', symbol: 'star' },
  { color: '#E69F00', dash: '3 6', symbol: 'plus' },
]

/** The style of the k-th series; after eight they repeat. */
export const seriesStyle = (k: number): SeriesStyle => STYLES[k % STYLES.length]!

/** Style sheet of every page: 390 pixels to wide screens, and paper. */
export const STYLE_SHEET = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1240px; padding: 0 16px 48px; color: #1a1a1a; background: #fff;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 24px 0 4px; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 44px 0 6px; padding-top: 10px; border-top: 1px solid #d9d9d9; }
h3 { font-size: 1.05rem; margin: 24px 0 4px; }
h4 { font-size: 1rem; margin: 20px 0 2px; }
p, ul, ol, dl { max-width: 78ch; margin: 8px 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; margin: 12px 0; padding: 0; max-width: none; }
a { color: #00567f; }
.lead { font-size: 1.05rem; }
.note, figcaption, caption, .meta { color: #555; font-size: .875rem; }
.warning { border-left: 4px solid #D55E00; padding: 4px 12px; background: #fdf3ec; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 20px 28px; align-items: start; }
.charts > .tall { grid-row: span 2; }
.charts > * { min-width: 0; }
@media (min-width: 760px) { .charts > .rest { grid-column: 2 / -1; } }
figure { margin: 8px 0; break-inside: avoid; }
figure svg { display: block; width: 100%; max-width: 480px; height: auto; }
.chart-title { font-weight: 600; font-size: .95rem; margin: 0 0 2px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: .85rem; margin: 2px 0; padding: 0; list-style: none; max-width: none; }
.legend li { display: inline-flex; align-items: center; gap: 6px; }
.legend svg { width: 30px; height: 12px; }
.scroll { overflow-x: auto; margin: 12px 0; }
.hint { display: none; color: #00567f; font-style: normal; white-space: nowrap; }
.scroll:focus-visible { outline: 2px solid #0072B2; }
table { border-collapse: collapse; min-width: min(100%, 26rem); font-size: .875rem; font-variant-numeric: tabular-nums; }
caption { caption-side: top; text-align: left; padding-bottom: 4px; }
caption span { display: inline-block; position: sticky; left: 0; max-width: min(78ch, 100vw - 32px); }
th, td { padding: 4px 10px; border-bottom: 1px solid #e4e4e4; vertical-align: baseline; unicode-bidi: isolate; }
thead th { border-bottom: 2px solid #1a1a1a; vertical-align: bottom; }
th { font-weight: 600; }
.n { text-align: right; white-space: nowrap; }
.text { text-align: left; min-width: 9ch; max-width: 46ch; overflow-wrap: break-word; }
.wide { min-width: 28ch; }
.stack .interval small { display: block; }
.unexpected { color: #a34700; }
thead .n, thead .text { white-space: normal; overflow-wrap: break-word; }
thead .n { max-width: 24ch; }
code { font-size: .85em; }
.reasons { padding-left: 1.4em; } .reasons li { margin-bottom: 6px; }
td small, .interval small { color: #555; font-size: .92em; white-space: nowrap; }
td small.wrap { white-space: normal; overflow-wrap: anywhere; }
tr.total th, tr.total td { border-top: 2px solid #1a1a1a; font-weight: 600; }
tr.start th, tr.start td { border-bottom: 2px solid #1a1a1a; font-weight: 600; }
tr.quiet th, tr.quiet td { color: #666; font-weight: 400; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; }
dt { color: #555; } dd { margin: 0; }
footer { margin-top: 48px; border-top: 1px solid #d9d9d9; padding-top: 8px; color: #555; font-size: .875rem; }
@media (max-width: 600px) {
  body { font-size: 15px; } h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; }
  .charts > .tall { grid-row: auto; }
  dl { grid-template-columns: 1fr; } dd { margin-bottom: 6px; }
  th, td { padding: 4px 7px; } td code { overflow-wrap: anywhere; }
}
@media screen {
  /* A shadow at the right end, covered by white that scrolls along as soon as the end of the table is in sight. */
  .scroll { background: linear-gradient(to left, #fff 40%, rgba(255, 255, 255, 0)) right / 48px 100% no-repeat local,
    linear-gradient(to left, rgba(0, 0, 0, .22), rgba(0, 0, 0, 0)) right / 14px 100% no-repeat scroll; }
  .scroll th:first-child { position: sticky; left: 0; background: #fff; }
}
@media screen and (max-width: 600px) { .hint.broad { display: inline; } }
/* Where a browser can tell whether a table scrolls: there, at any width, and only there. */
@supports (animation-timeline: scroll()) {
  @media screen {
    .scroll { scroll-timeline: --sideways inline; }
    .hint, .hint.broad { display: inline; font-size: 0; animation: scrolls linear both; animation-timeline: --sideways; }
  }
}
@keyframes scrolls { from, to { font-size: .8125rem; } }
@media print {
  @page { margin: 14mm; }
  html { font-size: 10pt; }
  body { font-size: 10pt; max-width: none; padding: 0; }
  nav { display: none; } a { color: inherit; text-decoration: none; }
  .charts { grid-template-columns: 1fr 1fr; } .charts > .rest { grid-column: 1 / -1; }
  .scroll { overflow: visible; background: none; } table { font-size: 7.5pt; width: 100%; min-width: 0; } th, td { padding: 2px 4px; }
  .n, td small, .interval small { white-space: normal; } td .interval small { display: block; } caption { break-after: avoid; } caption span { position: static; }
  .text { min-width: 9ch; max-width: none; } th.text:first-child { min-width: 19ch; } .wide { min-width: 16ch; } thead .n { max-width: none; }
  th, td, thead .n, thead .text { overflow-wrap: normal; } th bdi, td bdi, code { overflow-wrap: anywhere; } data { white-space: nowrap; }
  thead { display: table-header-group; } tr { break-inside: avoid; } h2, h3, h4 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
