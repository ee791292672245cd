/** The worker of the page: the same program, which searches for counterfactuals while the page stays free. */
import { counterfactualSearch } from '../../counterfactuals/counterfactualSearch.ts'
import type { Scorer } from '../../scores/scorer.ts'
import { frameOf } from '../movePerson.ts'
import type { PersonData } from '../personData.ts'
import { embeddedData, embeddedScorer } from './embedded.ts'
import type { Answer, Question } from './messages.ts'

/** Answers questions until the page ends the worker. */
export const serve = (scope: {
  addEventListener(type: 'message', listener: (event: MessageEvent<Question>) => void): void
  postMessage(answer: Answer): void
}): void => {
  let known: { data: PersonData; scorer: Scorer } | undefined
  const answerTo = (question: Question): Answer | undefined => {
    if (question.kind === 'model') {
      known = { data: embeddedData(question), scorer: embeddedScorer(question) }
      return undefined
    }
    const { data, scorer } = known!
    const { values, months, options, nodes } = question
    const find = counterfactualSearch(scorer, data.spreads, { cutoff: data.cutoff, months, options, nodes })
    return { kind: 'found', found: find(frameOf(scorer.encoding.factors, [values]), 0) }
  }
  scope.addEventListener('message', ({ data: question }) => {
    try {
      const answer = answerTo(question)
      if (answer) scope.postMessage(answer)
    } catch (error) {
      scope.postMessage({ kind: 'failed', why: error instanceof Error ? error.message : String(error) })
    }
  })
}
