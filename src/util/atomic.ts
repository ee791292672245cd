/**
 * Outputs are written under a temporary name and renamed, so that a reader sees the whole or nothing.
 */
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

let counter = 0
/** Temporary names of this process that are still being filled. */
const live = new Set<string>()

/** A name beside `path` that `removeLeftovers` knows as belonging to this process. */
export const temporaryName = (path: string): string => {
  const name = `${path}.tmp-${process.pid}-${counter++}`
  live.add(resolve(name))
  return name
}

/** Says that a temporary name is no longer in use: it was renamed or removed. */
export const releaseTemporary = (name: string): void => {
  live.delete(resolve(name))
}

/** Whether a process of that number runs on this machine. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Writes a file whole: temporary name, flush to disk, rename. */
export const writeFileAtomic = async (path: string, data: string | Uint8Array): Promise<void> => {
  const target = resolve(path)
  await mkdir(dirname(target), { recursive: true })
  const temporary = temporaryName(target)
  try {
    const handle = await open(temporary, 'w')
    try {
      await handle.writeFile(data)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    releaseTemporary(temporary)
  }
}

/**
 * Fills a new folder and puts it in the place of `path` only when `fill` has returned. If `fill` throws, nothing is left
 * behind and an earlier folder stays as it was.
 */
export const writeFolderAtomic = async <T>(path: string, fill: (folder: string) => Promise<T>): Promise<T> => {
  const target = resolve(path)
  await mkdir(dirname(target), { recursive: true })
  const temporary = temporaryName(target)
  await mkdir(temporary)
  try {
    const result = await fill(temporary)
    const old = temporaryName(target)
    if (existsSync(target)) await rename(target, old)
    await rename(temporary, target)
    await rm(old, { recursive: true, force: true })
    releaseTemporary(old)
    return result
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  } finally {
    releaseTemporary(temporary)
  }
}

/**
 * Removes what killed processes left half-written beside `target`: its own temporary names, those of its scratch folder and
 * those made within them, nothing else. Leftovers of work that still runs are kept.
 */
export const removeLeftovers = async (target: string): Promise<string[]> => {
  const folder = dirname(resolve(target))
  // A path through a file is a fault that whoever writes there reports.
  if (!existsSync(folder) || !(await stat(folder)).isDirectory()) return []
  const removed: string[] = []
  for (const name of await readdir(folder)) {
    const match = /^(.*?)(?:\.scratch)?(?:\.tmp-(\d+)-\d+)+$/.exec(name)
    if (!match || match[1] !== basename(resolve(target))) continue
    const pid = Number(match[2])
    if (pid === process.pid ? live.has(resolve(folder, name)) : isAlive(pid)) continue
    await rm(join(folder, name), { recursive: true, force: true })
    removed.push(name)
  }
  return removed
}
