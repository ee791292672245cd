/** Reads the first and the last bytes of a file, through gzip when its name ends in .gz. */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { dataError } from '../util/errors.ts'

const HEAD = 65_536
const TAIL = 64

export interface FileEnds {
  head: Uint8Array
  tail: Uint8Array
}

const plainEnds = async (path: string): Promise<FileEnds> => {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const head = Buffer.alloc(Math.min(HEAD, size))
    const tail = Buffer.alloc(Math.min(TAIL, size))
    await handle.read(head, 0, head.length, 0)
    await handle.read(tail, 0, tail.length, size - tail.length)
    return { head, tail }
  } finally {
    await handle.close()
  }
}

const gzipEnds = async (path: string): Promise<FileEnds> => {
  const magic = await plainEnds(path)
  if (magic.head[0] !== 0x1f || magic.head[1] !== 0x8b)
    throw dataError('this is not a gzip file, though its name ends in .gz', { file: path })
  const heads: Buffer[] = []
  let held = 0
  let tail = Buffer.alloc(0)
  const unzipped = createReadStream(path, { highWaterMark: 1 << 20 }).pipe(createGunzip({ chunkSize: 1 << 20 }))
  try {
    for await (const part of unzipped) {
      const chunk = part as Buffer
      if (held < HEAD) {
        heads.push(chunk.subarray(0, HEAD - held))
        held += chunk.length
      }
      tail = Buffer.from((chunk.length >= TAIL ? chunk : Buffer.concat([tail, chunk])).subarray(-TAIL))
    }
  } catch (cause) {
    throw dataError('the compressed file is cut or damaged', {
      file: path,
      expected: 'a whole gzip file',
      hint: 'copy or download it again',
      cause,
    })
  }
  return { head: Buffer.concat(heads), tail }
}

/** @throws GlasscoreError when the file is missing, a folder, empty, or a damaged gzip file */
export const fileEnds = async (path: string): Promise<FileEnds> => {
  const info = await stat(path).catch((cause: unknown) => {
    throw dataError('there is no such file', { file: path, cause })
  })
  if (!info.isFile()) throw dataError('this is a folder', { file: path, expected: 'a file' })
  if (info.size === 0) throw dataError('the file is empty', { file: path })
  return path.endsWith('.gz') ? gzipEnds(path) : plainEnds(path)
}
