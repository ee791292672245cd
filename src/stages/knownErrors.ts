/** Failures of the engine and of the disk, said as what a user can do about them. Anything else stays what it is: a bug. */
import { dataError, GlasscoreError, usageError } from '../util/errors.ts'

const DISK: Record<string, string> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
}

export const explainFailure = (error: unknown): unknown => {
  if (!(error instanceof Error) || error instanceof GlasscoreError) return error
  const { code, path } = error as NodeJS.ErrnoException
  if (code && DISK[code])
    return usageError(`a file or folder cannot be used: ${DISK[code]}`, {
      ...(path ? { file: path } : {}),
      cause: error,
    })
  const first = error.message.split('\n')[0]!
  if (/Out of Memory|could not allocate|failed to allocate/i.test(first))
    return usageError('the SQL engine ran out of memory', {
      option: 'memory-limit',
      expected: 'a larger limit, fewer threads, or more room on the disk of the output folder to spill to',
      cause: error,
    })
  const file = /(?:file|File) ['"]?([^'"\n]+\.parquet)['"]?/.exec(first)
  if (file && /^(IO|Invalid Input|Invalid|Serialization|Conversion) Error/.test(first))
    return dataError('the file cannot be read as Parquet', {
      file: file[1]!,
      hint: 'it is cut, damaged or not Parquet; make it again',
      cause: error,
    })
  return error
}
