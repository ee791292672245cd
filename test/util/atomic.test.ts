import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  releaseTemporary,
  removeLeftovers,
  temporaryName,
  writeFileAtomic,
  writeFolderAtomic,
} from '../../src/util/atomic.ts'

let base = ''
let compiled = ''
let folders = 0
const freshFolder = (): string => {
  const folder = join(base, `case-${folders++}`)
  mkdirSync(folder)
  return folder
}

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'glasscore-atomic-'))
  // The processes to be killed need plain JavaScript: Node 20 does not load TypeScript.
  const source = readFileSync(new URL('../../src/util/atomic.ts', import.meta.url), 'utf8')
  compiled = join(base, 'atomic.mjs')
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  writeFileSync(compiled, ts.transpileModule(source, { compilerOptions: options }).outputText)
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** Runs a script in a process of its own until it prints a line, then kills it after some milliseconds. */
const killed = async (script: string, argument: string, after: number): Promise<void> => {
  const file = join(base, `script-${folders++}.mjs`)
  writeFileSync(file, script)
  const child = spawn(process.execPath, [file, argument, compiled], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  await Promise.race([once(child.stdout!, 'data'), exit])
  await wait(after)
  child.kill('SIGKILL')
  const [code, signal] = (await exit) as [number | null, string | null]
  expect([code, signal], 'the process was killed, it did not end').toEqual([null, 'SIGKILL'])
}

const START =
  'const [target, atomic] = process.argv.slice(2)\nconst { writeFileAtomic, writeFolderAtomic } = await import(atomic)\n'
const SIZE = 4_000_000

/** Writes all-a, all-b, all-a ... for ever: a whole file has one letter and the full length. */
const WRITES = `${START}for (let i = 0; ; i++) {
    const text = (i % 2 ? 'a' : 'b').repeat(${SIZE})
    await writeFileAtomic(target, text)
    if (i === 0) console.log('written once')
  }`

const isWhole = (path: string): boolean => {
  const text = readFileSync(path, 'latin1')
  return text.length === SIZE && text === text[0]!.repeat(SIZE)
}

describe('writeFileAtomic', () => {
  it('writes text and bytes, makes folders, replaces', async () => {
    const path = join(freshFolder(), 'a', 'b', 'file.txt')
    await writeFileAtomic(path, 'first')
    await writeFileAtomic(path, new Uint8Array([104, 105]))
    expect(readFileSync(path, 'utf8')).toBe('hi')
    expect(readdirSync(join(path, '..'))).toEqual(['file.txt'])
  })

  it('leaves a whole file when killed at any moment', async () => {
    for (const after of [3, 11, 26, 47, 80]) {
      const folder = freshFolder()
      const target = join(folder, 'out.txt')
      await killed(WRITES, target, after)
      expect(isWhole(target), `killed after ${after} ms`).toBe(true)
      await removeLeftovers(target)
      expect(readdirSync(folder)).toEqual(['out.txt'])
    }
  })

  it('is needed: a write in place is found cut in two', async () => {
    const target = join(freshFolder(), 'out.txt')
    const inPlace = `${START}import { openSync, writeSync } from 'node:fs'
      writeSync(openSync(target, 'w'), 'a'.repeat(${SIZE} / 2))
      console.log('half')
      await new Promise((resolve) => setTimeout(resolve, 60_000))`
    await killed(inPlace, target, 0)
    expect(isWhole(target)).toBe(false)
  })
})

describe('writeFolderAtomic', () => {
  const half = `${START}import { writeFileSync } from 'node:fs'
    await writeFolderAtomic(target, async (folder) => {
      writeFileSync(folder + '/half.txt', 'half')
      console.log('half')
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    })`

  it('gives the result of fill and replaces the whole folder', async () => {
    const target = join(freshFolder(), 'deep', 'out')
    const fill = (name: string) => async (folder: string) => {
      writeFileSync(join(folder, name), name)
      return name.length
    }
    expect(await writeFolderAtomic(target, fill('one'))).toBe(3)
    expect(await writeFolderAtomic(target, fill('three'))).toBe(5)
    expect(readdirSync(target)).toEqual(['three'])
    expect(readdirSync(join(target, '..'))).toEqual(['out'])
  })

  it('leaves nothing when fill throws, and the earlier folder as it was', async () => {
    const folder = freshFolder()
    const target = join(folder, 'out')
    const failing = async (inside: string) => {
      writeFileSync(join(inside, 'half.txt'), 'half')
      throw new Error('no more')
    }
    await expect(writeFolderAtomic(target, failing)).rejects.toThrow('no more')
    expect(readdirSync(folder)).toEqual([])
    await writeFolderAtomic(target, async (inside) => writeFileSync(join(inside, 'whole.txt'), 'whole'))
    await expect(writeFolderAtomic(target, failing)).rejects.toThrow('no more')
    expect(readdirSync(target)).toEqual(['whole.txt'])
    expect(readdirSync(folder)).toEqual(['out'])
  })

  it('shows nothing of a killed write; the leftover is removed by the next run', async () => {
    const folder = freshFolder()
    const target = join(folder, 'out')
    await killed(half, target, 0)
    expect(existsSync(target)).toBe(false)
    const leftovers = readdirSync(folder)
    expect(leftovers).toHaveLength(1)
    expect(await removeLeftovers(target)).toEqual(leftovers)
    expect(readdirSync(folder)).toEqual([])
  })

  it('keeps the earlier folder when a later write is killed', async () => {
    const folder = freshFolder()
    const target = join(folder, 'out')
    await writeFolderAtomic(target, async (inside) => writeFileSync(join(inside, 'whole.txt'), 'whole'))
    await killed(half, target, 0)
    expect(readdirSync(target)).toEqual(['whole.txt'])
  })
})

describe('removeLeftovers', () => {
  it('keeps what belongs to a process that runs, and what is no leftover', async () => {
    const folder = freshFolder()
    const running = `x.tmp-${process.ppid}-0`
    // Files of a user that only look like leftovers, or are those of another output.
    const others = [running, 'x.tmp-abc-0', 'x.tmp', 'data.parquet', 'thesis.tmp-999999999-1', 'y.tmp-999999999-0']
    for (const name of others) writeFileSync(join(folder, name), '')
    const live = temporaryName(join(folder, 'x'))
    writeFileSync(live, '')
    const dead = ['x.tmp-999999999-3', 'x.scratch.tmp-999999999-4', 'x.tmp-999999999-5.tmp-999999999-6']
    for (const name of dead) writeFileSync(join(folder, name), '')
    expect((await removeLeftovers(join(folder, 'x'))).sort()).toEqual(dead.sort())
    expect(readdirSync(folder).sort()).toEqual([...others, basename(live)].sort())
    releaseTemporary(live)
    expect(await removeLeftovers(join(folder, 'x'))).toEqual([basename(live)])
  })

  it('has nothing to do in a folder that is not there', async () => {
    expect(await removeLeftovers(join(base, 'nowhere'))).toEqual([])
  })
})
