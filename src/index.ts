/**
 * glasscore: raw events in, a 350-950 score out, and every point of it accounted for.
 *
 * Stages (simulate, ingest, features, train, score, explainScores, run) work on folders, write manifests and can be resumed. Below
 * them are the parts they are made of, on data in memory.
 *
 * @packageDocumentation
 */

export type { Background } from './attributions/background.ts'
export type {
  AllApplicants,
  BackgroundSpec,
  NearCutoff,
  Period,
  ReferenceGroup,
} from './attributions/backgroundSpec.ts'
export {
  type BackgroundSample,
  type BackgroundSource,
  type ChosenBackground,
  chooseBackground,
  type ProtectedGroup,
} from './attributions/backgrounds.ts'
export { attributeBins, type BinnedAttributions } from './attributions/binned.ts'
export { checkReasons, type GivenReason, type ReasonEvidence } from './attributions/checkReasons.ts'
export { type ChosenInteractions, chosenInteractions } from './attributions/chosenInteractions.ts'
export {
  dependenceOnLevel,
  dependenceOnNumber,
  type LevelSpread,
  type PointSpread,
  type ValueSpread,
} from './attributions/dependence.ts'
export { enumeratedShapley } from './attributions/enumeratedShapley.ts'
export {
  type ExplainBlocksOptions,
  type ExplainedRows,
  type ExplainOptions,
  explain,
  explainBlocks,
} from './attributions/explain.ts'
export type { BackgroundId, Explanation, Semantics } from './attributions/explanation.ts'
export { type GaussianBackground, type GaussianOptions, gaussianBackground } from './attributions/gaussianBackground.ts'
export type { InteractionFacts, InteractionOptions } from './attributions/interactionGame.ts'
export { type InteractionSummary, interactionSummary, type RankedPair } from './attributions/interactionSummary.ts'
export { type InteractionBlocksOptions, type InteractionRows, interactions } from './attributions/interactions.ts'
export { KeptReasons, type KeptShare, type MeanKept } from './attributions/keptReasons.ts'
export { type KernelShapleyOptions, kernelShapley } from './attributions/kernelShapley.ts'
export { attributeLevels, type LevelAttributions, type Levels } from './attributions/levels.ts'
export {
  type CorrelatedGame,
  type CorrelatedOptions,
  type CorrelatedValues,
  correlatedGame,
} from './attributions/linearCorrelated.ts'
export type { PlayerColumns } from './attributions/playerColumns.ts'
export type { Predict } from './attributions/predict.ts'
export {
  type PointsOfRows,
  principalGroups,
  type ReasonGroups,
  type ReasonsOfRows,
  reasonGroups,
} from './attributions/principalGroups.ts'
export { type ReasonSource, reasonFactors } from './attributions/reasonFactors.ts'
export {
  type ReasonDraw,
  type ReasonShare,
  type ReasonStability,
  reasonStability,
} from './attributions/reasonStability.ts'
export {
  MOST_REASONS,
  type PrincipalReason,
  type PrincipalReasons,
  principalReasons,
  type ReasonFactor,
} from './attributions/reasons.ts'
export { checkReceipts, type ReceiptCheck, type Receipts, receipts } from './attributions/receipt.ts'
export { referenceValues } from './attributions/referenceValues.ts'
export type { RowBlock } from './attributions/rowBlock.ts'
export { type SampledShapleyOptions, sampledShapley } from './attributions/sampledShapley.ts'
export type { AskingOptions, SampledValues, SamplingOptions } from './attributions/sampling.ts'
export { usedFactors } from './attributions/usedFactors.ts'
export { withReferences } from './attributions/withReferences.ts'
export type { AuditedRows, ProtectedColumn } from './audits/fairness/auditRows.ts'
export type { Banding } from './audits/fairness/bandNumbers.ts'
export type { GroupCalibration } from './audits/fairness/calibrationInGroup.ts'
export { type FairnessOptions, fairnessOf } from './audits/fairness/fairnessOf.ts'
export type {
  AgainstReference,
  AuditedGroup,
  AuditedGrouping,
  Difference,
  Extreme,
  FourFifths,
  GroupFigures,
  ModelFairness,
  NoAnswer,
  Parity,
} from './audits/fairness/findings.ts'
export type { Bounds } from './audits/fairness/intervals.ts'
export type { AgainstChance, Chance } from './audits/opacity/againstChance.ts'
export { type ClaimedPair, claimedPairs, type PairStanding, pairStanding } from './audits/opacity/claimedPairs.ts'
export { type DeclaredWeights, declaredWeights } from './audits/opacity/declaredWeights.ts'
export {
  type DimensionWeight,
  type DimensionWeights,
  dimensionWeights,
  type WeightsInput,
} from './audits/opacity/dimensionWeights.ts'
export { type EffectiveWeights, effectiveWeights, weightsOfPlayers } from './audits/opacity/effectiveWeights.ts'
export { type FactorsNeeded, factorsNeeded } from './audits/opacity/factorsNeeded.ts'
export type { LeftOut, ModelOpacity, OnePerson, RetrainedShare } from './audits/opacity/findings.ts'
export { type InteractionShare, interactionShare, type StrongPair } from './audits/opacity/interactionShare.ts'
export {
  type MethodDisagreement,
  type MethodPair,
  type MethodPoints,
  methodPairs,
} from './audits/opacity/methodDisagreement.ts'
export {
  type EqualModel,
  type Multiplicity,
  type MultiplicityRows,
  multiplicity,
} from './audits/opacity/multiplicity.ts'
export type { ModelPoints, OpacityAgainstTruth } from './audits/opacity/opacityAgainstTruth.ts'
export {
  INDEX_COMPONENTS,
  INDEX_WEIGHTS,
  type IndexComponent,
  type IndexPart,
  type OpacityIndex,
} from './audits/opacity/opacityIndex.ts'
export type { OpacityInput, OpacityResult, OpacityRows, OpacitySettings } from './audits/opacity/opacityInput.ts'
export { opacityOf } from './audits/opacity/opacityOf.ts'
export {
  type FileOpacity,
  type FileSettings,
  type GroupFidelity,
  type MaskedPart,
  opacityOfScores,
  type ScoredFile,
} from './audits/opacity/opacityOfScores.ts'
export type { Persons } from './audits/opacity/overPersons.ts'
export { type PentagonRows, type PentagonTest, pentagonTest } from './audits/opacity/pentagonTest.ts'
export { type ReasonInstability, reasonInstability } from './audits/opacity/reasonInstability.ts'
export type { AuditWork, LabeledRows, Recipe } from './audits/opacity/refit.ts'
export { type Retraining, type RetrainingInput, retrainings } from './audits/opacity/retrainings.ts'
export { type MadeFactor, type StackedOpacity, stackedOpacity } from './audits/opacity/stackedOpacity.ts'
export { type Fidelity, type Surrogates, surrogatesOf, type TaughtRows } from './audits/opacity/surrogates.ts'
export type { GroupWeights } from './audits/opacity/weightsOfGroups.ts'
export type { PointTable } from './audits/recovery/attributionAgreement.ts'
export type {
  AttributionRecovery,
  DeclaredRecovery,
  ImportanceAgreement,
  ModelRecovery,
  PlayerAgreement,
  RecoveryReport,
} from './audits/recovery/findings.ts'
export type { Answer, ComparedFigure, Pair, PairedDifference } from './comparison/comparePairs.ts'
export type { ScoreDifference, Swap, SwapCell, SwapSet } from './comparison/compareSwaps.ts'
export type { ApprovalPoint, ModelCurves, ScoreBin, ScoreTableRow } from './comparison/curves.ts'
export { type EvaluateOptions, type Evaluation, evaluate, type HeldOut, type Ranking } from './comparison/evaluate.ts'
export { type FactorFigures, type FactorSides, factorFigures, type ObservedRisk } from './comparison/factorFigures.ts'
export { modelCurves } from './comparison/modelCurves.ts'
export type { ScoredRows } from './comparison/scoreTable.ts'
export { type FactorScreen, screenFactors } from './comparison/screenFactors.ts'
export { catalogueRules } from './counterfactuals/catalogueRules.ts'
export type {
  Counterfactual,
  CounterfactualAnswer,
  Counterfactuals,
  FactorChange,
} from './counterfactuals/counterfactual.ts'
export { counterfactualSearch, type FindCounterfactuals } from './counterfactuals/counterfactualSearch.ts'
export type { ChangeRules, FactorLink, FactorRule } from './counterfactuals/factorRule.ts'
export { type ChangeReference, changeReference, type FactorReference } from './counterfactuals/reference.ts'
export type { HistoryTable } from './counterfactuals/replay/history.ts'
export type { EventCell, HistoryEvent } from './counterfactuals/replay/historyEvents.ts'
export { NO_RECIPE } from './counterfactuals/replay/recipes.ts'
export type { Replay, ReplayDifference, ReplayedCounterfactuals } from './counterfactuals/replay/replay.ts'
export { type ReplayOptions, replayCounterfactuals } from './counterfactuals/replay/replayCounterfactuals.ts'
export type { CounterfactualOptions } from './counterfactuals/settings.ts'
export { type DuckDBOptions, openDuckDB } from './engines/duckdb.ts'
export type { ColumnInput, Columns, Engine, NumberChunk, ParquetOptions } from './engines/engine.ts'
export { readDataset, readFeatureTable } from './engines/folders.ts'
export type { Coding } from './features/codeFactors.ts'
export type { ObservationDates } from './features/observations.ts'
export { type WideVariable, wideCatalogue } from './features/wide/wideCatalogue.ts'
export type { Aggregate } from './features/wide/wideSeries.ts'
export { type LoadWideOptions, loadWideBins } from './formats/loadWideBins.ts'
export { type LoadedModel, loadModel, type SavedModel, saveModel } from './formats/modelFile.ts'
export { isWideFolder, readWideTable } from './formats/wideTable.ts'
export { type BinChunksOptions, binChunks } from './kernels/binning/binChunks.ts'
export { type BinOptions, binMatrix, type NumberColumns } from './kernels/binning/binMatrix.ts'
export type { BinnedColumn, BinnedMatrix } from './kernels/binning/binnedMatrix.ts'
export type { RowChunk } from './kernels/binning/rowChunk.ts'
export type { KernelKind, Pool, PoolRun } from './kernels/pool.ts'
export { type SplitImportance, splitImportance } from './kernels/trees/importance.ts'
export { type MonotoneViolation, missingBeatsBest, monotoneViolations } from './kernels/trees/monotone.ts'
export type { Criterion } from './kernels/trees/splitWorth.ts'
export type { TreeArrays } from './kernels/trees/tree.ts'
export type { GrownTree, LeafOutput } from './kernels/trees/treeBuilder.ts'
export { bootstrapRows } from './matrix/bootstrapRows.ts'
export { applyEncoding, fitEncoding } from './matrix/encode.ts'
// Numbers
export { type FactorFrame, takeRows } from './matrix/frame.ts'
export { categoryColumns, type EncodedColumn, type Encoding, type Matrix } from './matrix/matrix.ts'
export { type Split, splitByPerson, splitByTime, stratifiedFolds } from './matrix/splits.ts'
export { type UnseenLevels, unseenLevels } from './matrix/unseenLevels.ts'
export { auc } from './metrics/auc.ts'
export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapInterval,
  bootstrapIntervals,
  type Interval,
  type WeightedStatistic,
} from './metrics/bootstrap.ts'
export { brier } from './metrics/brier.ts'
export { type CalibrationBin, calibrationCurve } from './metrics/calibrationCurve.ts'
export { type CalibrationLine, calibrationSlope } from './metrics/calibrationSlope.ts'
export { delongInterval, type ReachQuantile } from './metrics/delong.ts'
export { gini } from './metrics/gini.ts'
export { type InformationValueBin, informationValue } from './metrics/informationValue.ts'
export { type KolmogorovSmirnov, ks } from './metrics/ks.ts'
export { type KsPoint, ksCurve } from './metrics/ksCurve.ts'
export { logLoss } from './metrics/logLoss.ts'
export { psi } from './metrics/psi.ts'
export { type RocPoint, rocCurve } from './metrics/rocCurve.ts'
export { wilson } from './metrics/wilson.ts'
export { BASELINE_NAMES, type BaselineName } from './models/baseline/statements.ts'
export { binnedMargins } from './models/binnedMargins.ts'
export { type BoostingOptions, boosting } from './models/boosting/learner.ts'
export {
  type BetaCalibration,
  type Calibration,
  type CalibrationKind,
  calibratedProbability,
  fitCalibration,
  type PlattCalibration,
} from './models/calibrate.ts'
export { outOfFoldMargins } from './models/crossFit.ts'
export { type DeclaredOptions, declared } from './models/declared/learner.ts'
export { type ForestOptions, forest } from './models/forest/learner.ts'
export type { IsotonicCalibration } from './models/isotonic.ts'
export { type ElasticNetOptions, type LogisticLearnerOptions, logistic } from './models/logistic/learner.ts'
export { margin, marginOn } from './models/margin.ts'
// Models, scores, attributions
export type { FitOptions, Fitted, Learner, LinearModel, Model, ModelKind, TreeModel } from './models/model.ts'
export {
  type PermutationImportance,
  type PermutationOptions,
  type PermutedColumn,
  permutationImportance,
} from './models/permutationImportance.ts'
export type { ClassWeight } from './models/rowWeights.ts'
export { type DecisionTreeOptions, decisionTree } from './models/tree/learner.ts'
export type { Monotone, TreeGrowthOptions } from './models/trees/treeOptions.ts'
export type {
  InteractionForm,
  Switches,
  SwitchGroup,
  SwitchName,
  SwitchSpec,
} from './population/switches.ts'
export { SWITCHES } from './population/switches.ts'
export type { ProbabilityTruth, TruthKind } from './population/truthFolder.ts'
export type { ComparedBaseline, ComparedModel, ComparedRun, CompareReport } from './reports/compareReport.ts'
export type {
  DimensionForms,
  ExplainedDimension,
  ExplainedFactor,
  ExplainedPerson,
  ExplanationOfAll,
  ExplanationOfPerson,
  ReportedAgainst,
  ReportedBackground,
} from './reports/explanationReport.ts'
export type { FairnessColumns, FairnessReport } from './reports/fairnessReport.ts'
export type { OpacityFileReport } from './reports/opacityFileReport.ts'
export type { OpacityAsked, OpacityReport } from './reports/opacityReport.ts'
export type { AmountBin, PopulationGroup, PopulationReport, SwitchOn } from './reports/populationReport.ts'
export type {
  GroupFrequency,
  ModelReasons,
  OtherReason,
  PersonReasonGiven,
  PersonReasons,
  ReasonCounts,
  ReasonEvidenceOf,
  ReasonsReport,
  ReasonsSummary,
  Repair,
} from './reports/reasonsReport.ts'
export type {
  DimensionImportance,
  DrawnFactor,
  DrawnPeople,
  FactorDependence,
  Importance,
  MeanPoints,
  PersonDimension,
  PersonFactor,
  PersonReason,
  ReportedBoosting,
  ReportedCeiling,
  ReportedModel,
  ReportedPermutation,
  ReportedPerson,
  ReportedSettings,
  RunReport,
} from './reports/runReport.ts'
export { bandCode, bandNumber, bandText, type FactorBands } from './schema/bands.ts'
export type { Dataset, DatasetTable, FeatureTable } from './schema/dataset.ts'
export {
  type Curve,
  curveAt,
  type DeclaredFunction,
  type DeclaredPair,
  type DeclaredTerm,
  type KnotCurve,
  type LevelCurve,
} from './schema/declaredFunction.ts'
export { DECLARED_FUNCTION } from './schema/declaredTerms.ts'
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
export {
  type ColumnContract,
  type ColumnType,
  TABLE_NAMES,
  TABLES,
  type TableContract,
  type TableName,
} from './schema/tables.ts'
export type { WideColumn, WideTable } from './schema/wideTable.ts'
export { DEFAULT_SCALE, type Scale, scoresOf } from './scores/scale.ts'
export { type Scorer, type Scores, scoreFrame, scoreFrameOn } from './scores/scorer.ts'
export {
  type IngestReport,
  REPORT_HEADER,
  type Rejection,
  reportRows,
  type ValidationReport,
} from './sources/rejects.ts'
export {
  type AuditFairnessOptions,
  auditFairness,
  type FairnessLine,
  type FairnessSummary,
  fairnessFolder,
} from './stages/auditFairness.ts'
export {
  type AuditOpacityOptions,
  auditOpacity,
  type OpacitySummary,
  opacityFolder,
} from './stages/auditOpacity.ts'
export {
  type AuditOpacityFileOptions,
  auditOpacityFile,
  type OpacityFileSummary,
  opacityFileFolder,
} from './stages/auditOpacityFile.ts'
export {
  type AuditRecoveryOptions,
  auditRecovery,
  type RecoverySummary,
  recoveryFolder,
} from './stages/auditRecovery.ts'
export {
  type BackgroundChoice,
  type BackgroundOptions,
  type OwnBackground,
  parseBackground,
  type ResolvedBackgrounds,
  resolveBackgrounds,
} from './stages/backgroundChoice.ts'
export { binQuery } from './stages/binQuery.ts'
export {
  type CompareOptions,
  type CompareStageOptions,
  type CompareSummary,
  compare,
  compareFolder,
} from './stages/compare.ts'
export {
  type Pipeline,
  type PipelineInput,
  readPipeline,
  type SourceConfig,
  type TrainInput,
  type TrainOptions,
} from './stages/config.ts'
export type { CounterfactualFigures } from './stages/counterfactualFigures.ts'
export {
  type AskedCounterfactuals,
  type CounterfactualStageOptions,
  type CounterfactualSummary,
  counterfactuals,
  counterfactualsOf,
} from './stages/counterfactuals.ts'
export { describeFactorSql } from './stages/describeFactor.ts'
export { type ExplainStageOptions, explainScores } from './stages/explain.ts'
export {
  type ExplainPersonOptions,
  type ExplainPersonSummary,
  explainPerson,
  personFolder,
} from './stages/explainPerson.ts'
export {
  type ExplainedAgainst,
  type ExplainedModel,
  type ExplainSummary,
  explainedAgainst,
} from './stages/explainSummary.ts'
export type { FairnessFileColumns } from './stages/fairnessOfFile.ts'
export type { AuditedRowsOfRun } from './stages/fairnessOfRun.ts'
export { type FeaturesOptions, features } from './stages/features.ts'
export type { ModelFigures } from './stages/figures.ts'
export type { FrameWork } from './stages/frameMemory.ts'
// Stages
export { type IngestOptions, type IngestSummary, ingest, initMapping } from './stages/ingest.ts'
export { DEFAULT_MODELS, MODEL_NAMES, type ModelName, parseDeclaredWeights } from './stages/learners.ts'
export { type LoadedFeatures, loadFeatures } from './stages/loadFeatures.ts'
export { type ModelCardOptions, modelCard } from './stages/modelCard.ts'
export type { OpacityFileColumns } from './stages/opacityOfFile.ts'
export { runOfModels } from './stages/people.ts'
export { type PersonPageOptions, type PersonPageResult, personPage } from './stages/personPage.ts'
export { readReasons } from './stages/readReasons.ts'
export { type PersonReceipt, readReceipts } from './stages/readReceipts.ts'
export type { ReasonsOptions } from './stages/reasonSettings.ts'
export { reasons } from './stages/reasons.ts'
export type { ReplayFigures, ReplayShare, ReplayShares } from './stages/replayFigures.ts'
export { type ReportOptions, type ReportStageOptions, type ReportSummary, report } from './stages/report.ts'
export { type RunSummary, run } from './stages/run.ts'
export { type ScoreOptions, type ScoreSummary, score } from './stages/score.ts'
export { type DatasetSummary, type SimulateOptions, simulate } from './stages/simulate.ts'
export { type Manifest, readManifest, type StageOptions, type StageResult } from './stages/stage.ts'
export { type Counts, type TrainStageOptions, type TrainSummary, train } from './stages/train.ts'
export { type BuildWideOptions, buildWide } from './stages/wide/buildWide.ts'
export {
  type ExplainedWide,
  type ExplainWideOptions,
  type ExplainWideSummary,
  explainWide,
} from './stages/wide/explainWide.ts'
export { type WideSummary, wideFeatures } from './stages/wide/wideFeatures.ts'
export { type RollUp, rollUpOf } from './stages/wide/wideRows.ts'
export { openPool } from './threads/openPool.ts'
export type { PoolOptions } from './threads/poolOptions.ts'
export { type ErrorDetails, type ErrorKind, type ErrorPlace, EXIT_CODES, GlasscoreError } from './util/errors.ts'
// Ground
export type { Progress, WorkOptions } from './util/progress.ts'
export { type Random, random } from './util/random.ts'
export { VERSION } from './util/version.ts'
