/**
 * The digest in model.json: the SHA-256 of the text that the file would have without the line of its key `digest`. It tells
 * a file that was changed by accident or by hand from one that was saved; it is no signature.
 */
import { modelError } from '../util/errors.ts'
import { sha256 } from '../util/hash.ts'
import { writePlainJson } from './plainJson.ts'

/** Text of a document with its digest. @param document without the key `digest` */
export const seal = (document: Record<string, unknown>, file: string): string =>
  writePlainJson({ ...document, digest: sha256(writePlainJson(document, file)) }, file)

/**
 * @param data what was read from the file
 * @param bytes the file itself
 * @throws GlasscoreError('model') unless the file is, byte for byte, what `seal` writes: so a key that stands twice, other white
 *   space or another spelling of a number are refused as well as another value
 */
export const checkSeal = (data: Record<string, unknown>, bytes: Uint8Array, file: string): void => {
  const { digest, ...document } = data
  const found = sha256(writePlainJson(document, file))
  if (digest !== found)
    throw modelError('the file is damaged or was changed after it was saved', {
      file,
      expected: `digest ${found.slice(0, 12)}..., as its content has`,
      got: typeof digest === 'string' ? `${digest.slice(0, 12)}...` : digest,
      hint: 'train the model again, or copy the file again from where it was made',
    })
  if (!Buffer.from(writePlainJson(data, file)).equals(bytes))
    throw modelError('the file is damaged or was changed after it was saved', {
      file,
      expected: 'the text that glasscore writes, each key once',
      got: 'another spelling of the same data',
    })
}
