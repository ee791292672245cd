import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a script says of a run, in its last line of JSON: a process of its own, so that memory and processor time are its own. @param what names it in an error */
export const childNode = <T>(script: URL, asked: unknown, what: string): Promise<T> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(script), JSON.stringify(asked)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve(JSON.parse(text.trim().split('\n').at(-1)!) as T)
      else reject(new Error(`${what} ended with code ${code}`))
    })
  })
