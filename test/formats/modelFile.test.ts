import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeModel, encodeModel } from '../../src/formats/modelBinary.ts'
import { decodeScorer, encodeScorer, loadModel, saveModel } from '../../src/formats/modelFile.ts'
import { readPlainJson, writePlainJson } from '../../src/formats/plainJson.ts'
import { fitEncoding } from '../../src/matrix/encode.ts'
import type { TreeModel } from '../../src/models/model.ts'
import type { Scorer } from '../../src/scores/scorer.ts'
import { scoreFrame } from '../../src/scores/scorer.ts'
import { GlasscoreError } from '../../src/util/errors.ts'
import { canonicalJson, sha256 } from '../../src/util/hash.ts'
import { random } from '../../src/util/random.ts'
import { BETA, ISOTONIC, madeFrame, madeScorer, PLATT } from '../attributions/madeScorers.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glasscore-model-'))
})
afterAll(() => rm(folder, { recursive: true }))

const SCORERS: Scorer[] = (['linear', 'tree', 'forest', 'probability'] as const).flatMap((kind) =>
  [PLATT, BETA, ISOTONIC].map((calibration) => madeScorer({ kind, calibration })),
)

/** What decoding throws; anything but a model error is a bug. */
const refusal = (decode: () => unknown): string => {
  try {
    decode()
  } catch (error) {
    if (error instanceof GlasscoreError && error.kind === 'model') return error.message
    throw error
  }
  return 'accepted'
}

/** model.json of changed data with a digest that fits, so that the checks behind it are reached. */
const reseal = ({ digest: _, ...data }: Record<string, unknown>): Uint8Array => {
  const text = (value: unknown) => `${canonicalJson(value, 2)}\n`
  return new TextEncoder().encode(text({ ...data, digest: sha256(text(data)) }))
}

/** model.json and model.bin of a scorer whose parts were changed afterwards, with hash and digest made right again. */
const forge = (
  scorer: Scorer,
  change: { json?: (data: Record<string, never>) => void; bin?: (bin: DataView) => void; cut?: number },
) => {
  const { json, bin } = encodeScorer(scorer)
  const bytes = bin.slice(0, change.cut ?? bin.length)
  change.bin?.(new DataView(bytes.buffer))
  const data = JSON.parse(json)
  Object.assign(data.binary, { bytes: bytes.length, sha256: sha256(bytes) })
  change.json?.(data)
  return { json: reseal(data), bin: bytes }
}

const forged = (scorer: Scorer, change: Parameters<typeof forge>[1]): string => {
  const { json, bin } = forge(scorer, change)
  return refusal(() => decodeScorer(json, bin))
}

describe('model files', () => {
  it('load to an equal scorer and save to the same bytes', async () => {
    const frame = madeFrame(100, random(4))
    for (const scorer of SCORERS) {
      const a = join(folder, 'a')
      const b = join(folder, 'b')
      const saved = await saveModel(a, scorer)
      const loaded = await loadModel(a)
      expect(loaded.hash).toBe(saved.hash)
      expect(loaded.hash).toBe(sha256(await readFile(join(a, 'model.json'))))
      expect(loaded.scorer).toEqual(scorer)
      expect(await saveModel(b, loaded.scorer)).toEqual(saved)
      for (const name of ['model.json', 'model.bin'])
        expect((await readFile(join(b, name))).equals(await readFile(join(a, name)))).toBe(true)
      expect(scoreFrame(loaded.scorer, frame)).toEqual(scoreFrame(scorer, frame))
    }
  })

  it('keep infinite thresholds, negative zero and the numbers that JSON lacks', () => {
    const scorer = madeScorer({ kind: 'tree' })
    const tree = (scorer.model as TreeModel).trees[0]!
    const threshold = tree.threshold.map((t, i) =>
      i === 0 ? Number.POSITIVE_INFINITY : tree.feature[i]! < 0 ? Number.NaN : t,
    )
    const value = tree.value.map((v, i) => (i === 1 ? -0 : v))
    const odd = { ...scorer, model: { ...(scorer.model as TreeModel), trees: [{ ...tree, threshold, value }] } }
    const { json, bin } = encodeScorer(odd)
    const back = decodeScorer(new TextEncoder().encode(json), bin)
    expect(back).toEqual(odd)
    expect(back.training['standardErrors']).toEqual([0.5, Number.NaN, Number.POSITIVE_INFINITY])
  })

  it('are refused at every length shorter than their own', () => {
    const scorer = madeScorer({ kind: 'tree', seed: 2 })
    const { json, bin } = encodeScorer(scorer)
    const text = new TextEncoder().encode(json)
    for (let length = 0; length < bin.length; length++) {
      expect(refusal(() => decodeScorer(text, bin.slice(0, length)))).toContain('wrong length')
      // Also with a hash and a length that fit the cut file: the structure itself must give it away.
      expect(refusal(() => decodeModel(bin.slice(0, length), 'model.bin'))).not.toBe('accepted')
    }
    for (let length = 0; length < text.length; length++)
      expect(refusal(() => decodeScorer(text.slice(0, length), bin))).not.toBe('accepted')
  })

  it('are refused with any flipped byte of either file', () => {
    const stream = random(21)
    for (const kind of ['forest', 'linear'] as const) {
      const { json, bin } = encodeScorer(madeScorer({ kind }))
      const text = new TextEncoder().encode(json)
      const flip = (bytes: Uint8Array): Uint8Array => {
        const copy = bytes.slice()
        copy[stream.integer(copy.length)]! ^= 1 + stream.integer(255)
        return copy
      }
      for (let k = 0; k < 500; k++) {
        expect(refusal(() => decodeScorer(text, flip(bin)))).toContain('damaged')
        // Without the hash in front of it the structure check alone must hold: refused, or a model that ends.
        refusal(() => decodeModel(flip(bin), 'model.bin'))
        expect(refusal(() => decodeScorer(flip(text), bin))).not.toBe('accepted')
      }
    }
  })

  it('are refused with any digit of model.json changed, and say which file', () => {
    const stream = random(8)
    for (const scorer of [madeScorer({ kind: 'linear' }), madeScorer({ kind: 'tree', calibration: ISOTONIC })]) {
      const { json, bin } = encodeScorer(scorer)
      const at = [...json.matchAll(/\d/g)].map((m) => m.index)
      expect(at.length).toBeGreaterThan(100)
      for (const k of at) {
        const digit = (Number(json[k]) + 1 + stream.integer(9)) % 10
        const edited = new TextEncoder().encode(json.slice(0, k) + digit + json.slice(k + 1))
        const found = refusal(() => decodeScorer(edited, bin))
        expect(found).not.toBe('accepted')
        expect(found).toContain('file model.json')
      }
      const intercept = json.replace('"intercept": -1.5', '"intercept": -1.4')
      if (scorer.model.kind === 'logistic') {
        expect(intercept).not.toBe(json)
        expect(refusal(() => decodeScorer(new TextEncoder().encode(intercept), bin))).toContain(
          'file model.json: the file is damaged or was changed after it was saved; expected digest',
        )
        // The twin: resealed, the same change is a sound model. So it is the digest that refuses.
        expect(refusal(() => decodeScorer(reseal(JSON.parse(intercept)), bin))).toBe('accepted')
      }
    }
  })

  it('are refused when model.json says the same in another way: a key twice, other spaces, another number', () => {
    const { json, bin } = encodeScorer(madeScorer({ kind: 'linear' }))
    for (const [from, to] of [
      ['"pdo": 60', '"pdo": 60,\n    "pdo": 60'],
      ['"pdo": 60', '"pdo": 20,\n    "pdo": 60'],
      ['"pdo": 60', '"pdo": 60.0'],
      ['"pdo": 60', '"pdo": 6e1'],
      ['"pdo": 60', '"\\u0070do": 60'],
      ['"pdo": 60', '"pdo":60'],
      ['}\n', '}'],
      ['{', '\ufeff{'],
    ] as const) {
      const other = from === '}\n' ? json.slice(0, -1) : json.replace(from, to)
      expect(other).not.toBe(json)
      expect(refusal(() => decodeScorer(new TextEncoder().encode(other), bin))).toContain(
        'file model.json: the file is damaged or was changed after it was saved; expected the text that glasscore writes, each key once',
      )
    }
  })

  it('hold the digest of their other lines', () => {
    const { json } = encodeScorer(madeScorer({ kind: 'forest' }))
    const rest = json.replace(/^ {2}"digest": .*\n/m, '')
    expect(JSON.parse(json).digest).toBe(sha256(rest))
  })

  it('keep the levels of a category of many', () => {
    const rows = 400
    const made = madeFrame(rows, random(3))
    const job = Array.from({ length: rows }, (_, i) => (i % 9 === 0 ? null : `job ${Math.floor(Math.sqrt(i * 16))}`))
    const frame = { ...made, categories: { job } }
    for (const kind of ['linear', 'tree'] as const) {
      const encoding = fitEncoding(frame, kind)
      const columns = encoding.columns.length
      const zeros = new Float64Array(columns)
      const scorer = madeScorer({ kind })
      const model =
        scorer.model.kind === 'logistic'
          ? { ...scorer.model, coefficients: zeros.map((_, j) => j / 50 - 1), means: zeros }
          : { ...(scorer.model as TreeModel), columns }
      const { json, bin } = encodeScorer({ ...scorer, model, encoding })
      const back = decodeScorer(new TextEncoder().encode(json), bin)
      expect(back.encoding).toEqual(encoding)
      expect(encoding.columns.filter((c) => c.others?.length === 50)).toHaveLength(1)
      const news = { ...frame, categories: { job: job.map((j) => (j === null ? null : 'astronaut')) } }
      expect(scoreFrame(back, news)).toEqual(scoreFrame({ ...scorer, model, encoding }, news))
      expect(encodeScorer(back)).toEqual({ json, bin })
    }
  })

  it('are refused when foreign, of a later version, or of another kind of model', () => {
    const scorer = madeScorer({ kind: 'tree' })
    const { bin } = encodeScorer(scorer)
    const text = (data: unknown) => new TextEncoder().encode(JSON.stringify(data))
    for (const data of [
      null,
      7,
      [],
      'x',
      {},
      { format: 'onnx', version: 1 },
      { format: 'glasscore.model', version: '1' },
    ])
      expect(refusal(() => decodeScorer(text(data), bin))).toContain('this is not a glasscore model')
    expect(refusal(() => decodeScorer(new TextEncoder().encode('not json'), bin))).toContain('is not JSON')
    expect(refusal(() => decodeScorer(text({ format: 'glasscore.model', version: 7, anything: 'else' }), bin))).toBe(
      'file model.json: the model was written by a later version of glasscore; expected format version 1 to 2; got 7; update glasscore to read it',
    )
    expect(forged(scorer, { bin: (v) => v.setUint32(8, 9, true) })).toContain('expected version 1 to 2; got 9')
    expect(forged(scorer, { bin: (v) => v.setUint8(0, 0) })).toContain('expected a file that begins with GLASSBIN')
    expect(forged(scorer, { bin: (v) => v.setUint32(12, 4, true) })).toContain(
      'different kinds; expected "tree"'.replaceAll('"', ''),
    )
    expect(forged(scorer, { bin: (v) => v.setUint32(12, 99, true) })).toContain('kind of the model is unknown')
    expect(forged(scorer, { bin: (v) => v.setUint32(28, 2, true) })).toContain('output of the model is unknown')
    const other = encodeScorer(madeScorer({ kind: 'tree', seed: 2 }))
    const json = new TextEncoder().encode(encodeScorer(scorer).json)
    expect(refusal(() => decodeScorer(json, other.bin))).toMatch(/wrong length|another model.json/)
  })

  it('are refused when a tree is broken, though every hash fits', () => {
    const scorer = madeScorer({ kind: 'tree' })
    const tree = (scorer.model as TreeModel).trees[0]!
    const n = tree.value.length
    const floats = 40
    const integers = floats + 24 * n
    const inner = [...tree.feature.keys()].filter((i) => tree.feature[i]! >= 0)
    const leaf = tree.feature.indexOf(-1)
    const at = (array: number, node: number): number => integers + 4 * (array * n + node)
    const cases: [string, (view: DataView) => void][] = [
      ['node 0 has child 0', (v) => v.setInt32(at(0, 0), 0, true)],
      [`has child ${n}`, (v) => v.setInt32(at(0, 0), n, true)],
      [`has child ${2 ** 31 - 1}`, (v) => v.setInt32(at(1, 0), 2 ** 31 - 1, true)],
      ['has child -7', (v) => v.setInt32(at(1, 0), -7, true)],
      // A cycle: the last inner node points back to the first.
      [`node ${inner.at(-1)} has child 1`, (v) => v.setInt32(at(0, inner.at(-1)!), 1, true)],
      ['has two parents', (v) => v.setInt32(at(1, 0), tree.childrenLeft[0]!, true)],
      ['has only one child', (v) => v.setInt32(at(0, 0), -1, true)],
      ['splits on column 7 of 7', (v) => v.setInt32(at(2, 0), 7, true)],
      [`leaf ${leaf} splits`, (v) => v.setInt32(at(2, leaf), 0, true)],
      ['threshold of node 0 is not a number', (v) => v.setFloat64(floats, Number.NaN, true)],
      ['value of node 2 is not finite', (v) => v.setFloat64(floats + 8 * (n + 2), Number.POSITIVE_INFINITY, true)],
      ['cover of node 3 is not', (v) => v.setFloat64(floats + 8 * (2 * n + 3), -1, true)],
      ['cover of node 3 is not', (v) => v.setFloat64(floats + 8 * (2 * n + 3), Number.NaN, true)],
      ['default direction of node 1', (v) => v.setUint8(integers + 12 * n + 1, 2)],
      ['expected "', (v) => v.setUint32(32, 0, true)],
      ['stated number of nodes', (v) => v.setUint32(32, n + 1, true)],
      [
        'cut short',
        (v) => {
          v.setUint32(24, 2 ** 32 - 1, true)
          v.setUint32(32, 2 ** 32 - 1, true)
        },
      ],
      ['cut short', (v) => v.setUint32(20, 2 ** 32 - 1, true)],
      ['bytes that should be 0', (v) => v.setUint32(36, 1, true)],
    ]
    expect(madeScorer({ kind: 'tree' }).encoding.columns.length).toBe(7)
    for (const [reason, bin] of cases) {
      const found = forged(scorer, { bin })
      expect(found).toContain(reason.replace('expected "', 'expected '))
    }
    expect(forged(scorer, { cut: 100 })).toContain('cut short')
  })

  it('are refused when a value of model.json is out of place', () => {
    const scorer = madeScorer({ kind: 'linear' })
    type Data = Record<string, never>
    const set = (path: string, value: unknown) => (data: Data) => {
      const keys = path.split('.')
      const last = keys.pop()!
      const target = keys.reduce((at: Record<string, never>, key) => at[key]!, data) as Record<string, unknown>
      target[last] = value
    }
    for (const [path, value] of [
      ['name', ''],
      ['kind', 'network'],
      ['extra', 1],
      ['binary.file', '../../elsewhere'],
      ['calibration.slope', -1],
      ['calibration.slope', { $number: 'NaN' }],
      ['calibration.kind', 'spline'],
      ['scale.pdo', 0],
      ['scale.min', 350.5],
      ['scale.min', 349],
      ['scale.min', 950],
      ['scale.max', 1200],
      ['scale.max', 350],
      ['encoding.kind', 'tree'],
      ['encoding.columns', []],
      ['encoding.columns.0.factor', 99],
      ['encoding.columns.0.scale', 0],
      ['encoding.columns.0.name', 'late'],
      ['encoding.columns.0.others', ['x']],
      ['encoding.columns.0.reference', 'x'],
      ['encoding.factors.0.kind', 'image'],
      ['training', []],
    ] as const)
      expect([path, forged(scorer, { json: set(path, value) })]).not.toEqual([path, 'accepted'])
    expect(forged(scorer, { json: (d) => (d['encoding'] as { columns: unknown[] }).columns.pop() })).toContain(
      'number of columns',
    )
  })

  it('say which file is absent', async () => {
    await expect(loadModel(join(folder, 'nothing'))).rejects.toThrow(
      'expected a folder with model.json and model.bin; got "ENOENT"',
    )
    const half = join(folder, 'half')
    await saveModel(half, madeScorer({ kind: 'tree' }))
    await rm(join(half, 'model.bin'))
    await expect(loadModel(half)).rejects.toThrow('model.bin')
    await writeFile(join(half, 'model.bin'), '')
    await expect(loadModel(half)).rejects.toThrow('wrong length')
  })

  it('are not written when they would be refused', () => {
    const scorer = madeScorer({ kind: 'tree' })
    const model = scorer.model as TreeModel
    const encode = (change: Partial<Scorer>) => refusal(() => encodeScorer({ ...scorer, ...change }))
    expect(encode({ model: { ...model, trees: [] } })).toContain('at least one tree')
    expect(encode({ model: { ...model, columns: 3 } })).toContain('number of columns')
    expect(encode({ model: madeScorer({ kind: 'linear' }).model })).not.toBe('accepted')
    expect(encode({ name: '' })).toContain('not valid at name')
    for (const scale of [{ max: 1200 }, { min: 0 }, { min: 700, max: 700 }, { min: 800, max: 600 }])
      expect(encode({ scale: { ...scorer.scale, ...scale } })).toContain('not valid at scale')
    expect(encode({ training: { run: () => 1 } })).toContain('only plain data')
    expect(encode({ training: { at: new Date(0) } })).toContain('only plain data')
    expect(encode({ training: { $number: 'NaN' } })).toContain('reserved')
    const tree = model.trees[0]!
    const broken = { ...model, trees: [{ ...tree, cover: tree.cover.slice(1) }] }
    expect(refusal(() => encodeModel(broken, 'model.bin'))).toContain('different lengths')
  })
})

describe('plain JSON', () => {
  it('cannot reach a prototype', () => {
    for (const text of ['{"training":{"__proto__":{"polluted":1}}}', '[{"a":[{"__proto__":1}]}]'])
      expect(refusal(() => readPlainJson(text, 'model.json'))).toContain('a key is not allowed')
    const own = Object.fromEntries([['__proto__', { polluted: 1 }]])
    expect(refusal(() => writePlainJson({ own }, 'model.json'))).toContain('a key is not allowed')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    const scorer = madeScorer({ kind: 'linear' })
    const { json, bin } = encodeScorer(scorer)
    const data = JSON.parse(json)
    data.training = { constructor: { prototype: { polluted: 1 } } }
    decodeScorer(reseal(data), bin)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('refuses unknown words for numbers and bottomless nesting', () => {
    for (const word of ['{"$number":"1"}', '{"$number":"NaN","more":1}', '{"$number":{"a":1}}'])
      expect(refusal(() => readPlainJson(word, 'model.json'))).toContain('written in an unknown way')
    expect(refusal(() => readPlainJson('['.repeat(5000) + ']'.repeat(5000), 'model.json'))).toContain(
      'nested too deeply',
    )
  })
})
