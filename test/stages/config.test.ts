/** Pipeline files: their document, their messages, what they leave to the defaults. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkOptions, pipelineSchema, readPipeline } from '../../src/stages/config.ts'
import { optionShape, shapeText } from '../../src/stages/optionShape.ts'
import { BAD_INPUTS, badInputLine, withPart } from '../sources/badInputsDocument.ts'
import { PIPELINES, pipelinesDocument, readDocument } from './pipelinesDocument.ts'
import { workshop } from './workshop.ts'

const folder = workshop()
const file = join(folder, 'mine.yaml')
const read = (text: string) => {
  writeFileSync(file, text)
  return readPipeline(file)
}
const BASE = 'name: mine\nsource: { kind: simulate }\n'

describe('docs/pipelines.md', () => {
  it('has every key with its values, default and meaning', async () => {
    await expect(pipelinesDocument(optionShape(pipelineSchema))).toMatchFileSnapshot(PIPELINES)
  })

  it('is not made while a key has no meaning', () => {
    const mute = pipelineSchema.extend({ colour: z.string().optional() })
    expect(() => pipelinesDocument(optionShape(mute))).toThrow('colour has no description')
  })

  it('shows files that are pipelines', async () => {
    const shown = [...readDocument().matchAll(/```yaml\n([\s\S]*?)```/g)].map((m) => m[1]!)
    expect(shown).toHaveLength(2)
    expect((await read(shown[0]!)).name).toBe('loans')
    expect((await read(shown[1]!)).train.models).toMatchObject({ declared: { weights: { money: 60, work: 40 } } })
  })
})

describe('a pipeline file', () => {
  it('keeps apart whether it names models', async () => {
    expect((await read(BASE)).train.models).toBeUndefined()
    expect((await read(`${BASE}train: { models: { tree: {} } }`)).train.models).toEqual({
      tree: { maxDepth: 6, minLeaf: 50, pruning: 'cv', rule: 'best', m: 5 },
    })
  })

  it('means by its words what its schema checks', () => {
    const between = (low: number, high: number) => shapeText(optionShape(z.number().int().min(low).max(high)))
    expect(between(2, 100)).toBe('a whole number from 2 to 100')
    expect(shapeText(optionShape(z.number().gt(0).max(1)))).toBe('a number of 1 or less and above 0')
    expect(shapeText(optionShape(z.union([z.enum(['a', 'b']), z.number()])))).toBe('a, b or a number')
    expect(shapeText(optionShape(z.array(z.boolean())))).toBe('a list, each of it true or false')
  })
})

const train = (text: string) => `${BASE}train:\n  ${text}\n`
const CASES: [name: string, text: string][] = [
  ['an empty file', ''],
  ['broken YAML', 'name: [\n'],
  ['no name', 'source: { kind: simulate }\n'],
  ['a name with a blank', 'name: my loans\nsource: { kind: simulate }\n'],
  ['a name that is a number', 'name: 7\nsource: { kind: simulate }\n'],
  ['no source', 'name: mine\n'],
  ['a source without its kind', 'name: mine\nsource: { people: 100 }\n'],
  ['a kind that there is not', 'name: mine\nsource: { kind: csv }\n'],
  ['a mapping without a path', 'name: mine\nsource: { kind: mapping }\n'],
  ['a date that is none', 'name: mine\nsource: { kind: simulate, asOf: 2025-02-30 }\n'],
  ['a date before there were data', 'name: mine\nsource: { kind: simulate, asOf: 1025-01-01 }\n'],
  ['nobody', 'name: mine\nsource: { kind: simulate, people: 0 }\n'],
  ['a word where true or false belongs', 'name: mine\nsource: { kind: mapping, mapping: m.yaml, strict: sometimes }\n'],
  ['a key that there is not', `${BASE}seeds: 1\n`],
  ['a seed that is no whole number', `${BASE}seed: 1.5\n`],
  ['a key with nothing in it', `${BASE}train:\n`],
  ['a split by a word', train('split: person')],
  ['a split by what there is not', train('split: { by: month }')],
  ['an option of another split', train('split: { by: person, folds: 5 }')],
  ['all persons held out', train('split: { by: person, testShare: 1 }')],
  ['one fold', train('split: { by: folds, folds: 1 }')],
  ['no model', train('models: {}')],
  ['models as a list', train('models: [forest]')],
  ['a model that there is not', train('models: { stacking: {} }')],
  ['a model with nothing after it', train('models: { forest: }')],
  ['an option of another model', train('models: { tree: { trees: 10 } }')],
  ['a pruning that is neither word nor number', train('models: { tree: { pruning: hard } }')],
  ['a negative weight', train('models: { declared: { weights: { money: -1 } } }')],
  ['a calibration that there is not', train('calibration: plat')],
  ['too few replicates', train('replicates: 10')],
  ['a background that there is not', `${BASE}explain: { backgrounds: [own, everybody] }\n`],
  ['a period that ends before it begins', `${BASE}explain: { backgrounds: [period=2025-02-01..2025-01-01] }\n`],
  ['a background twice', `${BASE}explain: { backgrounds: [near-cutoff, near-cutoff=650] }\n`],
  ['rows of what has none', `${BASE}explain: { backgroundRows: 100 }\n`],
  ['a cutoff that no score can reach', `${BASE}report: { cutoff: 1000 }\n`],
]

describe('what is no pipeline', () => {
  it('gets one message in plain words, with the option and what it may be', async () => {
    const lines: string[] = []
    for (const [name, text] of CASES) {
      const error = await read(text).then(
        () => undefined,
        (e: unknown) => e as Error,
      )
      expect(error, name).toMatchObject({ name: 'GlasscoreError', kind: 'usage' })
      const message = error!.message.replaceAll(`${folder}/`, '')
      // The words of the library that checks, and of patterns.
      expect(message, name).not.toMatch(
        /invalid input|too (small|big)|discriminator|unrecognized|pattern|>=|undefined|\n/i,
      )
      lines.push(badInputLine(name, message))
    }
    const table = ['What is said of a [pipeline file](pipelines.md); made by `test/stages/config.test.ts`.', '']
    const text = [...table, '| input | message |', '|---|---|', ...lines].join('\n')
    await expect(withPart('Pipeline files', text)).toMatchFileSnapshot(BAD_INPUTS)
  })

  it('names the option of a caller without a file', () => {
    expect(() => checkOptions(pipelineSchema, { name: 'a', source: { kind: 'simulate' }, seed: -1 })).toThrow(
      /^option seed: invalid value; expected a whole number of 0 or more; got -1$/,
    )
  })
})
