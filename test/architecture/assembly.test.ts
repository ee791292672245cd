import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { PLAIN_MEMORY, SHARED_MEMORY } from '../../src/kernels/compiled.ts'
import { webAssembly } from '../../src/kernels/memory/webAssembly.ts'

const folder = fileURLToPath(new URL('../../src/kernels/assembly', import.meta.url))
const sources = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name.slice(0, -3), readFileSync(`${folder}/${name}`, 'utf8')]),
)

/** What is wrong with kernels to be compiled: they import each other and nothing else, and take no memory of their own. */
const problemsOf = (files: ReadonlyMap<string, string>): string[] =>
  [...files].flatMap(([name, text]) => {
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    const imports = [...code.matchAll(/from\s+'([^']+)'/g)].map((match) => match[1]!)
    return [
      ...imports
        .filter((target) => !target.startsWith('./') || !files.has(target.slice(2)))
        .map((target) => `${name}: imports ${target}`),
      ...[...code.matchAll(/\b(new\s+\w+|class\s+\w+|Math\.\w+|atomic\.(?:wait|notify))/g)].map(
        (match) => `${name}: ${match[1]}`,
      ),
      ...(text.split('\n').length > 401 ? [`${name}: longer than 400 lines`] : []),
    ]
  })

const imported = (text: string): string[] => {
  const module = new (webAssembly().Module)(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))
  const { Module } = webAssembly() as unknown as {
    Module: { imports(of: unknown): { module: string; name: string }[] }
  }
  return Module.imports(module).map((entry) => `${entry.module}.${entry.name}`)
}

/** Memory, the end of a kernel that fails, and how threads wait for each other. */
const KNOWN = new Set(['env.memory', 'env.abort', 'env.lieDown', 'env.wake', 'env.patience'])

describe('kernels to be compiled', () => {
  it('import each other alone, take no memory, wait for nobody, call no mathematics that differs between machines', () => {
    expect(sources.size).toBeGreaterThan(3)
    expect(problemsOf(sources)).toEqual([])
  })

  it('would be caught', () => {
    expect(
      problemsOf(
        new Map([
          ['a', "import { x } from '../b'\nconst y = new Map()\nconst z = Math.exp(1)\natomic.wait<u32>(0, 0, 1)"],
        ]),
      ),
    ).toEqual(['a: imports ../b', 'a: new Map', 'a: Math.exp', 'a: atomic.wait'])
  })

  it('reach nothing outside but their memory', () => {
    for (const text of [SHARED_MEMORY, PLAIN_MEMORY]) {
      expect(imported(text)).toContain('env.memory')
      expect(imported(text).filter((name) => !KNOWN.has(name))).toEqual([])
    }
  })
})
