import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sha256 } from './hash.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The version of this package, as in package.json. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version

let digest: string | undefined

/** A hash over the code that runs, so that a stage is done again when the code that did it has changed. */
export const codeDigest = (): string => {
  if (digest) return digest
  const files = (readdirSync(root, { recursive: true }) as string[]).filter(
    (f) => /\.(js|ts)$/.test(f) && !f.endsWith('.d.ts'),
  )
  digest = sha256(
    files
      .sort()
      .map((f) => `${f}\0${sha256(readFileSync(`${root}${f}`))}`)
      .join('\n'),
  )
  return digest
}
