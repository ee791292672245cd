import { describe, expect, it } from 'vitest'
import { auc } from '../../src/metrics/auc.ts'
import { onFrames } from '../../src/models/frameLearner.ts'
import { logistic } from '../../src/models/logistic/learner.ts'
import { NETWORK_OPTIONS, network } from '../../src/models/network/learner.ts'
import { loadTensorFlow, TENSORFLOW_PACKAGES } from '../../src/models/network/tensorflow.ts'
import { random } from '../../src/util/random.ts'
import { frameOf } from '../matrix/helpers.ts'

/** The outcome hangs on the product of two factors, which no sum of them tells. */
const people = (rows: number, seed: number) => {
  const stream = random(seed)
  const a = Array.from({ length: rows }, () => stream.normal())
  const b = a.map(() => stream.normal())
  const target = Uint8Array.from(a, (v, i) => (stream.next() < 1 / (1 + Math.exp(1 - 3 * v * b[i]!)) ? 1 : 0))
  return { frame: frameOf({ a, b: b.map((v) => (stream.next() < 0.02 ? Number.NaN : v)) }), target }
}
const train = people(700, 1)
const test = people(400, 2)
const options = { ...NETWORK_OPTIONS, epochs: 40, batch: 32, learningRate: 0.005 }

describe('network', () => {
  it('gives the same bytes for the same seed, and others for another', async () => {
    const [one, two, other] = [
      await network(options).fit(train.frame, train.target, random(7)),
      await network(options).fit(train.frame, train.target, random(7)),
      await network(options).fit(train.frame, train.target, random(8)),
    ]
    const bytes = (m: Float64Array) => Buffer.from(m.buffer).toString('hex')
    expect(bytes(two.margins(test.frame))).toBe(bytes(one.margins(test.frame)))
    expect(two.report).toEqual(one.report)
    expect(bytes(other.margins(test.frame))).not.toBe(bytes(one.margins(test.frame)))
  })

  it('learns what a linear model cannot', async () => {
    const deep = await network(options).fit(train.frame, train.target, random(7))
    const flat = await onFrames(logistic()).fit(train.frame, train.target, random(7))
    expect(auc(deep.margins(test.frame), test.target)).toBeGreaterThan(0.75)
    expect(auc(flat.margins(test.frame), test.target)).toBeLessThan(0.65)
  })

  it('leaves no tensors behind that grow with training', async () => {
    const { core } = await loadTensorFlow()
    await network(options).fit(train.frame, train.target, random(7))
    const before = core.memory().numTensors
    await network({ ...options, epochs: 2 }).fit(train.frame, train.target, random(7))
    // The optimizer keeps two numbers of its own; a leak in the loop would leave hundreds.
    expect(core.memory().numTensors - before).toBeLessThanOrEqual(2)
  })

  it('stops when it is told to', async () => {
    const fit = network(options).fit(train.frame, train.target, random(7), { signal: AbortSignal.abort() })
    await expect(fit).rejects.toThrow(/stopped by the user/)
  })

  it('names what to install where TensorFlow.js is absent', async () => {
    const absent = () =>
      Promise.reject(
        Object.assign(new Error("Cannot find package '@tensorflow/tfjs-core'"), { code: 'ERR_MODULE_NOT_FOUND' }),
      )
    await expect(loadTensorFlow(absent)).rejects.toThrow(
      `option network: a network needs TensorFlow.js, which is not installed; expected npm install ${TENSORFLOW_PACKAGES.join(' ')}`,
    )
  })

  it('does not call a broken package absent', async () => {
    await expect(loadTensorFlow(() => Promise.reject(new Error('WebAssembly is broken')))).rejects.toThrow(
      'WebAssembly is broken',
    )
  })
})
