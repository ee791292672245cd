import { sha256 } from '../util/hash.ts'

/** A text as part of an identity: small letters, digits and underscores; what that would lose is kept as a few digits of its hash. */
export const slug = (text: string): string => {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  return plain === text ? plain : `${plain}${plain ? '_' : ''}${sha256(text).slice(0, 6)}`
}
