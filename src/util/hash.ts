import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export { canonicalJson } from './canonicalJson.ts'

/** SHA-256 of bytes or text, as 64 lowercase hex digits. */
export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

/** SHA-256 of a file, read as a stream. */
export const sha256File = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
