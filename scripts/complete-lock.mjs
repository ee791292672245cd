// Completes package-lock.json with the optional, platform-bound packages that its packages name and the lock file lacks.
// A mirror that carries only some platforms makes `npm install` leave the others out, and `npm ci` then refuses the lock file
// everywhere. Names tell platform and processor. Run it after every `npm install`; it changes nothing when all is there.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']
const added = []

for (const [owner, { optionalDependencies, dev }] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    const path = `node_modules/${name}`
    if (lock.packages[path] || lock.packages[`${owner}/${path}`]) continue
    const words = name.split('/').at(-1).split('-')
    const os = SYSTEMS.filter((s) => words.includes(s))
    const cpu = PROCESSORS.filter((p) => words.includes(p))
    if (os.length !== 1 || !/^\d+\.\d+\.\d+/.test(version)) continue
    const libc = words.includes('musl') ? { libc: ['musl'] } : words.includes('gnu') ? { libc: ['glibc'] } : {}
    lock.packages[path] = {
      version,
      ...(cpu.length ? { cpu } : {}),
      ...(dev ? { dev } : {}),
      ...libc,
      optional: true,
      os,
    }
    added.push(`${name}@${version}`)
  }
}
const paths = Object.keys(lock.packages).sort((a, b) => (a < b ? -1 : 1))
lock.packages = Object.fromEntries(paths.map((path) => [path, lock.packages[path]]))
if (added.length) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(added.length ? `added ${added.length}: ${added.join(', ')}` : 'the lock file is complete')
