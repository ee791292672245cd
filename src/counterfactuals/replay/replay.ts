/** What a replay says. */
import type { Counterfactuals } from '../counterfactual.ts'
import type { HistoryEvent } from './historyEvents.ts'

/** A factor that the replayed history does not give as it was promised. */
export interface ReplayDifference {
  factor: string
  promised: number | string | null
  replayed: number | string | null
  /** person, time: as in the option; along: the option leaves it alone, and it moved with the events */
  by: 'person' | 'time' | 'along'
}

/** One option, written as events and run through the feature engine. */
export interface Replay {
  /** 1 for the first option of the person */
  option: number
  /** every factor of the model has the promised value within the tolerance, and the score is the promised one */
  agrees: boolean
  /** what the model scores with the replayed factors */
  score: number
  /** that is the cutoff or more */
  reaches: boolean
  /** in the order of the factors of the model */
  differs: ReplayDifference[]
  /** factors that the option moves and that no event makes: the person's own value is used */
  notExpressible: { factor: string; reason: string }[]
  /** months that pass in the option */
  months: number
  /** what the history has otherwise than the person's own life, going on as it was for these months */
  events: HistoryEvent[]
  /** events that lie before the observation date: these months are too few for them, since what has happened stays */
  before: number
  /** months that must pass so that all events can lie after the observation date */
  monthsAhead: number
}

/** The options of one person, each with its replay. */
export interface ReplayedCounterfactuals extends Counterfactuals {
  /** one an option, in order */
  replays: Replay[]
}
