import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadModel } from '../formats/modelFile.ts'
import type { Scorer } from '../scores/scorer.ts'
import { modelError, usageError } from '../util/errors.ts'

export interface LoadedModel {
  folder: string
  scorer: Scorer
  hash: string
}

/**
 * The model folders behind a path: the path itself when it holds model.json, else those in its models/ or train/models/.
 * @throws when there is none
 */
export const findModels = async (path: string): Promise<string[]> => {
  if (existsSync(join(path, 'model.json'))) return [path]
  for (const inner of ['models', 'train/models']) {
    const folder = join(path, inner)
    if (!existsSync(folder)) continue
    const names = (await readdir(folder)).sort().filter((name) => existsSync(join(folder, name, 'model.json')))
    if (names.length) return names.map((name) => join(folder, name))
  }
  throw modelError('no model here', {
    file: path,
    expected: 'a folder with model.json, or a run or training folder that holds models',
  })
}

/** The models behind several paths. @throws when two of them bear one name: their scores could not be told apart */
export const loadModels = async (paths: readonly string[]): Promise<{ folders: string[]; models: LoadedModel[] }> => {
  const folders = (await Promise.all(paths.map(findModels))).flat()
  const models = await Promise.all(folders.map(async (folder) => ({ folder, ...(await loadModel(folder)) })))
  const seen = new Map<string, string>()
  for (const { folder, scorer } of models) {
    const earlier = seen.get(scorer.name)
    if (earlier !== undefined)
      throw usageError(`two models are named ${scorer.name}`, {
        expected: 'one model of each name',
        got: `${earlier}, ${folder}`,
      })
    seen.set(scorer.name, folder)
  }
  return { folders, models }
}
