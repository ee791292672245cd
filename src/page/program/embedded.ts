/** What travels in the page: data, and the two files of the model. */
import type { ModelDocument } from '../../formats/modelSchema.ts'
import { readPlainJson } from '../../formats/plainJson.ts'
import { scorerOf } from '../../formats/scorerOf.ts'
import type { Scorer } from '../../scores/scorer.ts'
import type { PersonData } from '../personData.ts'
import { part } from './elements.ts'

const textOf = (id: string): string => part(id).textContent

const bytesOf = (id: string): Uint8Array => Uint8Array.from(atob(textOf(id)), (character) => character.charCodeAt(0))

/** The person and what may be moved. */
export const embeddedData = (): PersonData => JSON.parse(textOf('person-data')) as PersonData

/** The model, read by the reader of model files. Digests and schema were checked when the page was made. */
export const embeddedScorer = (): Scorer =>
  scorerOf(
    readPlainJson(new TextDecoder().decode(bytesOf('model-json')), 'model.json') as ModelDocument,
    bytesOf('model-bin'),
    { json: 'model.json', bin: 'model.bin' },
  )
