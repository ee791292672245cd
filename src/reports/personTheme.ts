/** What the page of a person has beside the style of all pages. */
export const PERSON_STYLE = `
.person { --good: #0072B2; --bad: #b34700; --line: #d9d9d9; --soft: #f5f6f7; }
.person .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.person :focus-visible { outline: 3px solid #0072B2; outline-offset: 2px; border-radius: 2px; }
.person [hidden] { display: none !important; }
.person .bar { position: sticky; top: 0; z-index: 2; margin: 12px -16px 0; padding: 10px 16px 8px; background: #fff; border-bottom: 1px solid var(--line); border-top: 1px solid var(--line); }
.bar-inner { display: grid; grid-template-columns: auto auto minmax(0, 1fr) auto; gap: 0 20px; align-items: center; }
.bar-inner p { margin: 0; max-width: none; }
.score-now { display: flex; flex-direction: column; line-height: 1.05; }
.score-now output { font-size: 2.5rem; font-weight: 700; font-variant-numeric: tabular-nums; letter-spacing: -.02em; }
.quiet-label { font-size: .8rem; color: #555; }
.score-words { display: flex; flex-direction: column; line-height: 1.35; font-size: .95rem; }
.score-words:has(#difference:empty) { justify-content: center; }
#difference { font-weight: 600; } #band { text-transform: none; }
.up { color: var(--good); } .down { color: var(--bad); }
.scale { min-width: 0; padding: 8px 8px 0; }
.track { position: relative; display: flex; height: 12px; }
.band { height: 100%; } .band:first-child { border-radius: 6px 0 0 6px; } .band-4 { border-radius: 0 6px 6px 0; }
.band-0 { background: #ecc9ae; } .band-1 { background: #f4e0d0; } .band-2 { background: #e3e6e8; } .band-3 { background: #c9def0; } .band-4 { background: #9cc6e4; }
.mark { position: absolute; top: 50%; width: 18px; height: 18px; margin: -9px 0 0 -9px; border-radius: 50%; border: 2px solid #fff; background: var(--good); box-shadow: 0 0 0 1px var(--good); }
.mark.before { width: 14px; height: 14px; margin: -7px 0 0 -7px; background: #fff; border: 2px solid #1a1a1a; box-shadow: none; }
.cutoff { position: absolute; top: -5px; bottom: -5px; width: 2px; margin-left: -1px; background: #1a1a1a; }
.edges { position: relative; height: 18px; font-size: .6875rem; color: #555; font-variant-numeric: tabular-nums; } .edge { position: absolute; top: 4px; transform: translateX(-50%); white-space: nowrap; }
.edge.strong { color: #1a1a1a; font-weight: 700; }
.bar button { order: 5; } .scale { order: 4; }
.person button { font: inherit; white-space: nowrap; flex: none; font-size: .875rem; padding: 5px 12px; border: 1px solid #767676; border-radius: 6px; background: #fff; color: #1a1a1a; cursor: pointer; }
.person button:hover:not(:disabled, [aria-disabled=true]) { background: #eef4f9; border-color: var(--good); }
.person button:disabled, .person button[aria-disabled=true] { color: #767676; border-color: var(--line); cursor: default; }
.person button.small { padding: 2px 9px; font-size: .8125rem; }
.person main { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 8fr); gap: 0 40px; align-items: start; }
.person .side { position: sticky; top: 92px; max-height: calc(100vh - 100px); overflow-y: auto; padding: 0 6px 24px 2px; scrollbar-width: thin;
  background: linear-gradient(to top, #fff 40%, rgba(255, 255, 255, 0)) bottom / 100% 44px no-repeat local, linear-gradient(to top, rgba(0, 0, 0, .2), rgba(0, 0, 0, 0)) bottom / 100% 12px no-repeat scroll; }
.person section { scroll-margin-top: 96px; }
.person h2 { margin: 24px 0 6px; padding-top: 0; border-top: 0; font-size: 1.15rem; }
.person #pentagon svg { display: block; width: 100%; max-width: 350px; margin: 0 auto; height: auto; }
.person #dimension-table table { width: 100%; min-width: 0; }
.person .reasons { margin: 4px 0; } .person .reasons li { margin-bottom: 4px; }
.person .factor-list, .person .plain-list, .person .change-list { list-style: none; padding: 0; margin: 0; max-width: none; }
.person .change-list li { display: flex; gap: 6px 12px; align-items: baseline; justify-content: space-between; padding: 5px 0; border-bottom: 1px solid #eee; flex-wrap: wrap; }
.person .change-list .what { flex: 1 1 14rem; }
.person .change-list .gain { font-variant-numeric: tabular-nums; white-space: nowrap; }
.option { border: 1px solid var(--line); border-radius: 8px; padding: 6px 14px; margin: 0 0 8px; } .option p { max-width: none; }
.option .plain-list { padding: 2px 0 4px !important; } .option-head { margin: 2px 0; display: flex; gap: 12px; align-items: baseline; justify-content: space-between; }
@media screen { .person .print-only { display: none !important; } }
.together-head { font-size: .9375rem; }
.finder { display: grid; grid-template-columns: auto minmax(8rem, 1fr) auto auto; gap: 6px 10px; align-items: center; margin: 8px 0 12px; }
.finder p { grid-column: 1 / -1; margin: 0; min-height: 1.3em; font-size: .875rem; }
.person input[type=search], .person input[type=number], .person select { font: inherit; font-size: .9375rem; padding: 4px 8px; border: 1px solid #767676; border-radius: 5px; background: #fff; color: #1a1a1a; min-width: 0; max-width: 100%; }
.person input[type=number] { width: 8.2em; text-align: right; font-variant-numeric: tabular-nums; }
.person input[type=range] { width: 100%; min-width: 0; accent-color: var(--good); margin: 0; height: 24px; }
.person input[aria-invalid=true] { border-color: var(--bad); box-shadow: 0 0 0 1px var(--bad); }
.person .error { color: var(--bad); margin: 2px 0; font-size: .875rem; }
.quiet { color: #555; font-weight: 400; }
.group { border: 1px solid var(--line); border-radius: 8px; margin: 0 0 10px; background: #fff; }
.group > summary { display: flex; align-items: baseline; gap: 10px; padding: 10px 14px; cursor: pointer; background: var(--soft); border-radius: 8px; list-style-position: inside; }
.group[open] > summary { border-radius: 8px 8px 0 0; border-bottom: 1px solid var(--line); }
.group > summary::before { content: "\\25B8"; color: #555; width: 1em; flex: none; } .group[open] > summary::before { content: "\\25BE"; }
.group > summary::-webkit-details-marker { display: none; } .group > summary { list-style: none; }
.group-title { font-weight: 600; } .group > summary .quiet { flex: none; white-space: nowrap; }
.points { margin-left: auto; font-variant-numeric: tabular-nums; white-space: nowrap; text-align: right; }
.points small { color: #555; }
.factor { padding: 10px 14px 8px; border-bottom: 1px solid #eee; } .factor:last-child { border-bottom: 0; }
.factor.moved { background: #f0f7fc; box-shadow: inset 4px 0 0 var(--good); }
.factor-head { display: flex; align-items: baseline; gap: 12px; } .factor-head label { font-weight: 600; }
.factor-move { display: grid; grid-template-columns: minmax(6rem, 1fr) auto auto auto; gap: 4px 14px; align-items: center; margin: 4px 0; }
.factor-move.choice { display: flex; flex-wrap: wrap; } .factor-move.choice select { min-width: 12rem; }
.field { display: inline-flex; align-items: baseline; gap: 6px; } .unit { color: #555; font-size: .875rem; }
.missing { white-space: nowrap; font-size: .9rem; }
.locked .factor-head label, .locked .lock { color: #555; } .lock { font-weight: 400; font-size: .875rem; }
.factor .meta { margin: 2px 0 0; max-width: none; font-size: .8125rem; line-height: 1.4; } .factor .meta code { color: #666; }
.plain-list { padding: 8px 14px !important; font-size: .875rem; } .plain-list li { padding: 2px 0; }
.person #receipt-table table { width: 100%; }
.person #receipt-table td.n { min-width: 4.5em; }
.warning ul, ul.warning { padding-left: 28px; }
@media (max-width: 900px) {
  .person main { grid-template-columns: minmax(0, 1fr); }
  .person .side { position: static; max-height: none; overflow: visible; padding: 0; background: none; }
  .person #pentagon svg { max-width: 420px; }
}
@media (max-width: 600px) {
  .person h1 { margin: 14px 0 2px; } .person .lead { font-size: .95rem; margin: 4px 0; } .person nav ul { margin: 6px 0 0; }
  .person .bar { padding: 6px 16px 4px; }
  .bar-inner { grid-template-columns: auto 1fr auto; gap: 0 12px; }
  .score-now output { font-size: 1.9rem; } .score-now .quiet-label { display: none; }
  .score-words { font-size: .8125rem; line-height: 1.25; }
  .scale { grid-column: 1 / -1; padding: 6px 8px 0; } .track { height: 8px; } .edges { height: 14px; } .edge { top: 2px; } .mark { width: 14px; height: 14px; margin: -7px 0 0 -7px; }
  .bar button { order: 3; padding: 5px 8px; }
  .person section { scroll-margin-top: 110px; }
  .finder { grid-template-columns: auto 1fr; }
  .person input[type=search], .person input[type=number], .person select { font-size: 16px; }
  .factor-move { grid-template-columns: minmax(0, 1fr) auto; } .factor-move input[type=range] { grid-column: 1 / -1; height: 34px; }
  .factor-move .missing { justify-self: end; }
  .group > summary { flex-wrap: wrap; gap: 2px 8px; } .group-title { flex: 1 1 60%; }
  .factor, .group > summary { padding-left: 10px; padding-right: 10px; }
}
@media print {
  @page { size: A4; margin: 12mm; }
  .print-no, #factors, #about, .person button { display: none !important; }
  .person { font-size: 8.5pt; line-height: 1.3; } .person h1 { font-size: 14pt; margin: 0; } .person h2 { font-size: 10pt; margin: 6pt 0 2pt; }
  .person .lead { font-size: 9pt; margin: 2pt 0; }
  .person .bar { position: static; margin: 4pt 0 6pt; padding: 4pt 0; } .score-now output { font-size: 22pt; }
  /* Two columns of equal height, so that many changes take the room that a short receipt leaves. */
  .person main { display: block; columns: 2; column-gap: 7mm; }
  .person .side, .person .work { display: contents; }
  .person #pentagon, .person li { break-inside: avoid; } .person #dimensions h2 { margin-top: 0; }
  .person #pentagon svg { max-width: 66mm; }
  .person table { font-size: 7.5pt; } .person th, .person td { padding: .8pt 3pt; } .person caption { font-size: 7pt; }
  .person .change-list { font-size: 7.5pt; } .person .change-list li { padding: 1pt 0; gap: 0 8px; } .person .reasons li { margin-bottom: 1pt; }
  .person .option .plain-list { font-size: 7.5pt; padding: 0 0 2pt !important; } .person .option .plain-list li { padding: 0; }
  .person .more { display: none; } .person .print-only { display: block; } .person .note { font-size: 7pt; margin: 3pt 0; }
  .option { padding: 2pt 6pt; margin-right: 1px; }
  #changed .change-list li:nth-child(n+9):not(.rest), #alone .change-list li:nth-child(n+4):not(.rest), #together .plain-list li:nth-child(n+7):not(.rest) { display: none; }
}
`
