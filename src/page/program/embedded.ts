/** What travels in the page: data, and the two files of the model. */
import type { ModelDocument } from '../../formats/modelSchema.ts'
import { readPlainJson } from '../../formats/plainJson.ts'
import { scorerOf } from '../../formats/scorerOf.ts'
import type { Scorer } from '../../scores/scorer.ts'
import type { PersonData } from '../personData.ts'

/** The texts as they stand in the page. */
export interface Embedded {
  /** JSON of the data */
  data: string
  /** base64 of model.json and model.bin */
  json: string
  bin: string
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

/** The person and what may be moved. */
export const embeddedData = ({ data }: Pick<Embedded, 'data'>): PersonData => JSON.parse(data) as PersonData

/** The model, read by the reader of model files. Digests and schema were checked when the page was made. */
export const embeddedScorer = ({ json, bin }: Pick<Embedded, 'json' | 'bin'>): Scorer =>
  scorerOf(readPlainJson(new TextDecoder().decode(bytesOf(json)), 'model.json') as ModelDocument, bytesOf(bin), {
    json: 'model.json',
    bin: 'model.bin',
  })
