/**
 * glasscore/charts: the charts of the pages, for notebooks, documents and slides. Each takes plain arrays and gives a figure whose
 * `outerHTML` is valid HTML with the drawing as SVG; `pictureSvg` makes one SVG file of several, `chartSvg` draws what Observable
 * Plot describes. No engine, no files, no browser. The same data gives the same bytes.
 *
 * @packageDocumentation
 */

export { CHART_WIDTH, type ChartText, chart, chartSvg, charts, type LegendEntry } from './reports/chart.ts'
export {
  type ApprovalChartPoint,
  type ApprovalSeries,
  approvalByCutoffChart,
  approvalChart,
} from './reports/charts/approval.ts'
export { type BadRateOptions, type BadRateRow, badRateChart } from './reports/charts/badRates.ts'
export { type Bar, type BarOptions, barChart } from './reports/charts/bars.ts'
export { type BeeswarmRow, beeswarmChart } from './reports/charts/beeswarm.ts'
export { type CalibrationChartBin, calibrationChart } from './reports/charts/calibration.ts'
export {
  type DeclaredEffectiveRow,
  declaredEffectiveChart,
  type EffectiveShare,
} from './reports/charts/declaredEffective.ts'
export {
  type DependenceChartData,
  type DependenceChartOptions,
  type DependenceLevel,
  type DependenceSpread,
  type DependenceValues,
  dependenceChart,
} from './reports/charts/dependence.ts'
export { type DimensionGameRow, dimensionGameChart } from './reports/charts/dimensionGame.ts'
export {
  type DimensionShareOptions,
  type DimensionShareRow,
  dimensionShareChart,
} from './reports/charts/dimensionShares.ts'
export { type IntervalChartOptions, type IntervalRow, intervalChart } from './reports/charts/intervals.ts'
export { type KsChartPoint, ksChart } from './reports/charts/ks.ts'
export { type OneScore, oneScoreChart } from './reports/charts/oneScore.ts'
export { opacityProfileChart, type ProfileRow } from './reports/charts/opacityProfile.ts'
export type { ChartOptions, Estimate } from './reports/charts/options.ts'
export { type PentagonAxis, pentagonChart } from './reports/charts/pentagon.ts'
export { peopleWaterfallChart, type WaterfallStep } from './reports/charts/peopleWaterfall.ts'
export {
  type ReceiptBar,
  type ReceiptChartData,
  type ReceiptChartOptions,
  receiptBars,
  receiptChart,
} from './reports/charts/receipt.ts'
export { type RocSeries, rocChart } from './reports/charts/roc.ts'
export {
  type ScoreDistributionBin,
  type ScoreDistributionOptions,
  scoreDistributionChart,
} from './reports/charts/scoreDistribution.ts'
export type { Child, Markup } from './reports/html.ts'
export type { Format } from './reports/numbers.ts'
export { type PictureOptions, pictureSvg } from './reports/picture.ts'
export { COLORS, type SeriesStyle, seriesStyle, VALUE_COLORS } from './reports/theme.ts'
