/** Compiled modules of dist/ as one classic script: a page that is opened from a file may not load modules. */
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const dist = fileURLToPath(new URL('../../dist', import.meta.url))

/**
 * Text of a script that defines `load(name)`, for a module of dist/ by its path, with everything that it imports.
 * @throws when one of them imports anything outside dist/
 */
export const classicScript = (entries: readonly string[]): string => {
  const modules = new Map<string, string>()
  const add = (path: string): void => {
    if (modules.has(path)) return
    const { outputText } = ts.transpileModule(readFileSync(`${dist}/${path}`, 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
    })
    modules.set(path, outputText)
    for (const [, specifier] of outputText.matchAll(/require\("([^"]+)"\)/g)) {
      if (!specifier!.startsWith('.')) throw new Error(`${path} imports ${specifier}`)
      add(posix.join(posix.dirname(path), specifier!))
    }
  }
  entries.forEach(add)
  const functions = [...modules].map(([path, text]) => `${JSON.stringify(path)}: (exports, require) => {\n${text}\n}`)
  return `const modules = {\n${functions.join(',\n')}\n}
const loaded = {}
const load = (path) => {
  if (loaded[path]) return loaded[path]
  const exports = (loaded[path] = {})
  const folder = path.split('/').slice(0, -1)
  modules[path](exports, (specifier) => {
    const parts = [...folder]
    for (const part of specifier.split('/')) {
      if (part === '..') parts.pop()
      else if (part !== '.') parts.push(part)
    }
    return load(parts.join('/'))
  })
  return exports
}\n`
}
