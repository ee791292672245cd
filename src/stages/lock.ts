import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from '../util/atomic.ts'
import { usageError } from '../util/errors.ts'

export const LOCK_FILE = 'run.lock'

/**
 * Does some work in a folder while no other process does. The lock holds the number of its process; that of a process which
 * was killed is taken over.
 * @throws when another process works there
 */
export const withLock = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  const file = join(folder, LOCK_FILE)
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(String(process.pid))
      await handle.close()
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error
      const pid = Number(await readFile(file, 'utf8').catch(() => ''))
      if (pid > 0 && isAlive(pid))
        throw usageError('another run works in this folder', {
          file: folder,
          expected: 'another --out, or to wait for it',
          got: `process ${pid}`,
        })
      await rm(file, { force: true })
    }
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}
