/**
 * glasscore: raw events in, a 350-950 score out, and every point of it accounted for.
 *
 * Stages (simulate, ingest, features, train, score, explainScores, run) work on folders, write manifests and can be resumed. Below
 * them are the parts they are made of, on data in memory.
 *
 * @packageDocumentation
 */

export { explain } from './attributions/explain.ts'
export type { Explanation } from './attributions/explanation.ts'
export { checkReceipts, type Receipts, receipts } from './attributions/receipt.ts'
export { type Evaluation, evaluate, type Ranking } from './comparison/evaluate.ts'
export { type FactorScreen, screenFactors } from './comparison/screenFactors.ts'
export { type DuckDBOptions, openDuckDB } from './engines/duckdb.ts'
export type { Columns, Engine } from './engines/engine.ts'
export { readDataset, readFeatureTable } from './engines/folders.ts'
export { loadModel, saveModel } from './formats/modelFile.ts'
export { openPool, type Pool } from './kernels/pool.ts'
export { applyEncoding, fitEncoding } from './matrix/encode.ts'
// Numbers
export { type FactorFrame, takeRows } from './matrix/frame.ts'
export type { EncodedColumn, Encoding, Matrix } from './matrix/matrix.ts'
export { type Split, splitByPerson, splitByTime, stratifiedFolds } from './matrix/splits.ts'
export { type UnseenLevels, unseenLevels } from './matrix/unseenLevels.ts'
export { auc } from './metrics/auc.ts'
export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapInterval,
  bootstrapIntervals,
  type Interval,
} from './metrics/bootstrap.ts'
export { brier } from './metrics/brier.ts'
export { calibrationSlope } from './metrics/calibrationSlope.ts'
export { gini } from './metrics/gini.ts'
export { informationValue } from './metrics/informationValue.ts'
export { ks } from './metrics/ks.ts'
export { logLoss } from './metrics/logLoss.ts'
export { psi } from './metrics/psi.ts'
export { type Calibration, calibratedProbability, fitCalibration } from './models/calibrate.ts'
export { outOfFoldMargins } from './models/crossFit.ts'
export { declared } from './models/declared/learner.ts'
export { forest } from './models/forest/learner.ts'
export { logistic } from './models/logistic/learner.ts'
export { margin } from './models/margin.ts'
// Models, scores, attributions
export type { FitOptions, Fitted, Learner, LinearModel, Model, TreeModel } from './models/model.ts'
export { decisionTree } from './models/tree/learner.ts'
export type { Dataset, DatasetTable, FeatureTable } from './schema/dataset.ts'
export { DIMENSIONS, type DimensionName } from './schema/dimensions.ts'
export {
  type ExpectedRisk,
  type FactorKind,
  type FactorSpec,
  MISSING_REASONS,
  type MissingReason,
} from './schema/factor.ts'
// Catalogue, contracts and conventions
export { type CatalogueFactor, FACTOR_CATALOGUE } from './schema/factorCatalogue.ts'
export { DEFAULT_OUTCOME, type OutcomeDefinition, type OutcomeStatus } from './schema/outcome.ts'
export {
  BANDS,
  BASE_ODDS,
  BASE_SCORE,
  type BandName,
  bandOf,
  DEFAULT_CUTOFF,
  PDO,
  SCORE_MAX,
  SCORE_MIN,
} from './schema/score.ts'
export { type ColumnContract, TABLE_NAMES, TABLES, type TableContract, type TableName } from './schema/tables.ts'
export { type Scorer, type Scores, scoreFrame } from './scores/scorer.ts'
export { type IngestReport, REPORT_HEADER, reportRows, type ValidationReport } from './sources/rejects.ts'
export {
  type Pipeline,
  type PipelineInput,
  readPipeline,
  type SourceConfig,
  type TrainInput,
  type TrainOptions,
} from './stages/config.ts'
export { describeFactorSql } from './stages/describeFactor.ts'
export { type ExplainStageOptions, type ExplainSummary, explainScores } from './stages/explain.ts'
export { type FeaturesOptions, features } from './stages/features.ts'
// Stages
export { type IngestOptions, type IngestSummary, ingest, initMapping } from './stages/ingest.ts'
export { MODEL_NAMES, type ModelName, parseDeclaredWeights } from './stages/learners.ts'
export { type LoadedFeatures, loadFeatures } from './stages/loadFeatures.ts'
export { runOfModels } from './stages/people.ts'
export { type PersonReceipt, readReceipts } from './stages/readReceipts.ts'
export { type RunSummary, run } from './stages/run.ts'
export { type ScoreOptions, type ScoreSummary, score } from './stages/score.ts'
export { type DatasetSummary, type SimulateOptions, simulate } from './stages/simulate.ts'
export { type Manifest, readManifest, type StageOptions, type StageResult } from './stages/stage.ts'
export { type TrainStageOptions, type TrainSummary, train } from './stages/train.ts'
export { type ErrorKind, EXIT_CODES, GlasscoreError } from './util/errors.ts'
// Ground
export { type Random, random } from './util/random.ts'
export { VERSION } from './util/version.ts'
