import { readFile } from 'node:fs/promises'
import { GlasscoreError } from '../util/errors.ts'

/** Beside the compiled code; and seen from the sources, which run in tests, in the build. */
const PLACES = ['../page/program.js', '../../dist/page/program.js']

/**
 * The script of a person's page, as the build makes it.
 * @throws an internal error where there is no build
 */
export const personProgram = async (): Promise<string> => {
  for (const place of PLACES) {
    const text = await readFile(new URL(place, import.meta.url), 'utf8').catch(() => undefined)
    if (text !== undefined) return text.trimEnd()
  }
  throw new GlasscoreError('internal', 'the program of the page is not there', { hint: 'npm run build makes it' })
}
