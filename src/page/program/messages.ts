/** What the page and its worker say to each other. */
import type { Counterfactuals } from '../../counterfactuals/counterfactual.ts'
import type { Values } from '../personData.ts'

/** To the worker: the texts of the page, once; then one question. */
export type Question =
  | { kind: 'model'; data: string; json: string; bin: string }
  | { kind: 'search'; values: Values; months: number; options: number; nodes: number }

/** From the worker. */
export type Answer = { kind: 'found'; found: Counterfactuals } | { kind: 'failed'; why: string }
