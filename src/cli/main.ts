#!/usr/bin/env node
/** The command line: thin, one file a command, everything through the public entry. */
import { Command, CommanderError } from 'commander'
import { EXIT_CODES, GlasscoreError } from '../util/errors.ts'
import { VERSION } from '../util/version.ts'
import { auditCommand } from './audit.ts'
import { interruption } from './common.ts'
import { compareCommand } from './compare.ts'
import { counterfactualCommand } from './counterfactual.ts'
import { explainCommand } from './explain.ts'
import { factorsCommand } from './factors.ts'
import { featuresCommand } from './features.ts'
import { ingestCommand } from './ingest.ts'
import { personCommand } from './person.ts'
import { reasonsCommand } from './reasons.ts'
import { reportCommand } from './report.ts'
import { runCommand } from './run.ts'
import { scoreCommand } from './score.ts'
import { simulateCommand } from './simulate.ts'
import { trainCommand } from './train.ts'

const program = new Command('glasscore')
  .description('Opens the black box of alternative-data credit scoring.')
  .version(VERSION)
  .showHelpAfterError('(add --help for the options)')
  .addHelpText(
    'after',
    `
Exit codes:
  ${EXIT_CODES.internal}    a bug or a failure of the machine
  ${EXIT_CODES.usage}    a wrong option, configuration or argument
  ${EXIT_CODES.data}    input data that cannot be used
  ${EXIT_CODES.model}    a model file that cannot be used
  ${EXIT_CODES.training}    a model that cannot be trained or calibrated on the data
  ${EXIT_CODES.memory}    work that needs more memory than there is
  ${EXIT_CODES.interrupted}  stopped by the user; the same command goes on, finished stages are kept`,
  )

for (const add of [
  runCommand,
  simulateCommand,
  ingestCommand,
  factorsCommand,
  featuresCommand,
  trainCommand,
  scoreCommand,
  explainCommand,
  reasonsCommand,
  counterfactualCommand,
  reportCommand,
  personCommand,
  compareCommand,
  auditCommand,
])
  add(program)

const override = (command: Command): void => {
  command.exitOverride()
  if (process.argv.includes('--json')) command.configureOutput({ writeErr: () => {} })
  command.commands.forEach(override)
}
override(program)

process.on('SIGINT', () => {
  if (interruption.signal.aborted) process.exit(EXIT_CODES.interrupted)
  interruption.abort()
})
process.on('SIGTERM', () => interruption.abort())
// A reader that has seen enough (| head) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const report = (error: unknown): number => {
  const asJson = process.argv.includes('--json')
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    if (asJson) process.stderr.write(`${JSON.stringify({ error: { kind: 'usage', message: error.message } })}\n`)
    return EXIT_CODES.usage
  }
  const known = error instanceof GlasscoreError
  const plain = error instanceof Error ? error.message : String(error)
  const message =
    known && error.kind === 'interrupted' ? `${plain}; run the same command again: finished stages are kept` : plain
  if (asJson) {
    const { cause: _cause, ...details } = known ? error.details : {}
    process.stderr.write(
      `${JSON.stringify({ error: { kind: known ? error.kind : 'internal', message, ...details } })}\n`,
    )
  } else process.stderr.write(`error: ${message}\n`)
  if (!known && process.env['GLASSCORE_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return known ? error.exitCode : EXIT_CODES.internal
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}
