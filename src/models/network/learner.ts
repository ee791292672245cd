/**
 * A small neural network as a challenger: dense layers of 64 and 32 units (ReLU) and one output, the log-odds of bad, on the linear
 * encoding. Adam (Kingma & Ba 2015, arXiv:1412.6980) on the mean log loss; stopped when a fifth of the persons, set apart from
 * training, is predicted no better for some epochs, and put back to its best epoch (Prechelt 1998, doi:10.1007/3-540-49430-8_3).
 */
import type * as Core from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { applyEncoding, fitEncoding } from '../../matrix/encode.ts'
import { takeRows } from '../../matrix/frame.ts'
import type { Matrix } from '../../matrix/matrix.ts'
import { splitByPerson } from '../../matrix/splits.ts'
import type { Random } from '../../util/random.ts'
import { sampleRows } from '../baseline/sampleRows.ts'
import type { FrameLearner } from '../frameLearner.ts'
import { listen } from '../listen.ts'
import type { FitOptions } from '../model.ts'
import { refuseWeights } from '../rowWeights.ts'
import { loadTensorFlow, type TensorFlow } from './tensorflow.ts'

/** Options of the network. */
export interface NetworkOptions {
  /** passes over the training rows at most */
  epochs: number
  /** epochs without a better log loss on the rows set apart, after which training stops */
  patience: number
  /** rows of one step */
  batch: number
  learningRate: number
  /** training rows at most */
  cap: number
}

/** What a network is trained with unless told otherwise. */
export const NETWORK_OPTIONS: NetworkOptions = {
  epochs: 100,
  patience: 8,
  batch: 128,
  learningRate: 1e-3,
  cap: 20_000,
}

const UNITS = [64, 32] as const
const VALIDATION_SHARE = 0.2

const buildNetwork = ({ layers }: TensorFlow, columns: number, random: Random): LayersModel => {
  const seed = (k: number): number => random.fork('layer', k).integer(2 ** 31)
  const hidden = UNITS.map((units, k) =>
    layers.layers.dense({
      units,
      activation: 'relu',
      kernelInitializer: layers.initializers.heNormal({ seed: seed(k) }),
      ...(k === 0 ? { inputShape: [columns] } : {}),
    }),
  )
  const kernelInitializer = layers.initializers.glorotNormal({ seed: seed(UNITS.length) })
  return layers.sequential({ layers: [...hidden, layers.layers.dense({ units: 1, kernelInitializer })] })
}

const tensorOf = (core: TensorFlow['core'], x: Matrix): Core.Tensor2D => {
  const rows = new Float32Array(x.values.length)
  const columns = x.columns.length
  for (let j = 0; j < columns; j++) for (let i = 0; i < x.rows; i++) rows[i * columns + j] = x.values[j * x.rows + i]!
  return core.tensor2d(rows, [x.rows, columns])
}

interface Side {
  x: Core.Tensor2D
  y: Core.Tensor2D
}

const lossOf = ({ core }: TensorFlow, network: LayersModel, { x, y }: Side): Core.Scalar =>
  core.tidy(() => core.losses.sigmoidCrossEntropy(y, network.apply(x) as Core.Tensor) as Core.Scalar)

/** One pass over the training rows in an order of our own: the shuffle of TensorFlow.js cannot be seeded. */
const trainEpoch = (
  tensorflow: TensorFlow,
  network: LayersModel,
  optimizer: Core.Optimizer,
  train: Side,
  batch: number,
  random: Random,
): void => {
  const { core } = tensorflow
  const order = random.shuffle(Int32Array.from({ length: train.x.shape[0] }, (_, i) => i))
  for (let start = 0; start < order.length; start += batch)
    core.tidy(() => {
      const rows = core.tensor1d(order.slice(start, start + batch), 'int32')
      const part = { x: core.gather(train.x, rows), y: core.gather(train.y, rows) }
      optimizer.minimize(() => lossOf(tensorflow, network, part))
    })
}

const trainNetwork = async (
  tensorflow: TensorFlow,
  network: LayersModel,
  sides: { train: Side; validation: Side },
  options: NetworkOptions,
  random: Random,
  watch: FitOptions,
) => {
  const optimizer = tensorflow.core.train.adam(options.learningRate)
  let best = { loss: Number.POSITIVE_INFINITY, epoch: 0, weights: [] as Core.Tensor[] }
  let epoch = 0
  try {
    for (; epoch < options.epochs && epoch - best.epoch < options.patience; epoch++) {
      await listen(watch.signal)
      watch.progress?.('network', epoch, options.epochs)
      trainEpoch(tensorflow, network, optimizer, sides.train, options.batch, random.fork('epoch', epoch))
      const value = lossOf(tensorflow, network, sides.validation)
      const loss = (await value.data())[0]!
      value.dispose()
      if (loss < best.loss) {
        tensorflow.core.dispose(best.weights)
        best = { loss, epoch, weights: network.getWeights().map((w) => w.clone()) }
      }
    }
    network.setWeights(best.weights)
    return { epochs: epoch, bestEpoch: best.epoch + 1, validationLogLoss: best.loss }
  } finally {
    tensorflow.core.dispose(best.weights)
    optimizer.dispose()
  }
}

/** Weights and biases of a trained network: [inputs x units] row by row, and one bias a unit. */
interface DenseLayer {
  units: number
  kernel: Float32Array
  bias: Float32Array
  relu: boolean
}

const layersOf = async (network: LayersModel): Promise<DenseLayer[]> => {
  const weights = network.getWeights()
  const out: DenseLayer[] = []
  for (let k = 0; k < weights.length; k += 2)
    out.push({
      units: weights[k]!.shape[1]!,
      kernel: (await weights[k]!.data()) as Float32Array,
      bias: (await weights[k + 1]!.data()) as Float32Array,
      relu: k + 2 < weights.length,
    })
  return out
}

/** The output of a row by plain sums in double precision: a trained network needs no TensorFlow.js. */
const outputOf = (layers: readonly DenseLayer[], input: Float64Array): number => {
  let values = input
  for (const { units, kernel, bias, relu } of layers) {
    const next = Float64Array.from(bias)
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      if (value !== 0) for (let u = 0; u < units; u++) next[u]! += value * kernel[i * units + u]!
    }
    if (relu) for (let u = 0; u < units; u++) next[u] = Math.max(0, next[u]!)
    values = next
  }
  return values[0]!
}

/**
 * The network as a learner. Equal seeds give equal bytes: initial weights, order of rows and rows set apart come from the stream, and
 * the backend has one thread. What was learned stays in memory; it is compared, not kept.
 */
export const network = (options: NetworkOptions = NETWORK_OPTIONS): FrameLearner => ({
  kind: 'network',
  options: { ...options, units: [...UNITS, 1], validationShare: VALIDATION_SHARE },
  fit: async (frame, target, random, watch = {}) => {
    refuseWeights('the network', watch)
    const tensorflow = await loadTensorFlow()
    const rows = sampleRows(frame, target, { cap: options.cap, onePerPerson: false }, random)
    const sample = takeRows(frame, rows)
    const outcomes = Uint8Array.from(rows, (i) => target[i]!)
    const encoding = fitEncoding(sample, 'linear')
    const apart = splitByPerson(sample.personId, outcomes, VALIDATION_SHARE, random.fork('apart'))
    const side = (positions: Int32Array): Side => ({
      x: tensorOf(tensorflow.core, applyEncoding(encoding, takeRows(sample, positions))),
      y: tensorflow.core.tensor2d(
        Float32Array.from(positions, (i) => outcomes[i]!),
        [positions.length, 1],
      ),
    })
    const sides = { train: side(apart.train), validation: side(apart.test) }
    const built = buildNetwork(tensorflow, encoding.columns.length, random)
    try {
      const how = await trainNetwork(tensorflow, built, sides, options, random, watch)
      const layers = await layersOf(built)
      return {
        margins: (other) => {
          const x = applyEncoding(encoding, other)
          const input = new Float64Array(x.columns.length)
          return Float64Array.from({ length: x.rows }, (_, i) => {
            for (let j = 0; j < input.length; j++) input[j] = x.values[j * x.rows + i]!
            return outputOf(layers, input)
          })
        },
        report: { rows: rows.length, rowsGiven: frame.rows, columns: encoding.columns.length, ...how },
      }
    } finally {
      built.dispose()
      tensorflow.core.dispose([sides.train.x, sides.train.y, sides.validation.x, sides.validation.y])
    }
  },
})
