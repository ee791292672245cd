import { canonicalJson } from './hash.ts'

const isPlain = (value: unknown): boolean => value === null || typeof value !== 'object'

const write = (value: unknown, indent: string): string => {
  if (isPlain(value)) return JSON.stringify(value)
  const deeper = `${indent}  `
  if (Array.isArray(value)) {
    if (value.every(isPlain)) return JSON.stringify(value)
    return `[\n${value.map((v) => `${deeper}${write(v, deeper)}`).join(',\n')}\n${indent}]`
  }
  const entries = Object.entries(value as object)
  if (entries.length === 0) return '{}'
  return `{\n${entries.map(([key, v]) => `${deeper}${JSON.stringify(key)}: ${write(v, deeper)}`).join(',\n')}\n${indent}}`
}

/** Canonical JSON for files: keys in sorted order, two spaces a level, lists of numbers and texts on one line. */
export const tidyJson = (value: unknown): string => write(JSON.parse(canonicalJson(value)), '')
