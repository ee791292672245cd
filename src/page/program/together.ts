/** The cheapest allowed change from where the values stand, looked for by the worker after a pause. */
import type { Counterfactual, Counterfactuals } from '../../counterfactuals/counterfactual.ts'
import type { FactorSpec } from '../../schema/factor.ts'
import { valueText } from '../../schema/valueText.ts'
import { fixed, signed } from '../../util/numberFormats.ts'
import type { PersonData, Value, Values } from '../personData.ts'
import { type Content, element, part, saidBriefly } from './elements.ts'
import { leftOff, PRINTED } from './lists.ts'
import type { Search } from './search.ts'

/** Boxes of the search after every pause, and when more is asked for; never seconds, so that the answer does not depend on the machine. */
const FIRST = { options: 1, nodes: 30 }
const MORE = { options: 3, nodes: 300 }
const PAUSE = 900

const monthsText = (months: number): string => (months === 0 ? 'at once' : `${months} month${months === 1 ? '' : 's'}`)

/** The end of a search in a sentence, for those who hear the page. */
const saidOf = ({ answer, options: [cheapest], cutoff }: Counterfactuals): string => {
  if (answer === 'none') return `No allowed change reaches ${cutoff}.`
  if (!cheapest) return 'The search ended without a change.'
  const own = cheapest.changes.filter(({ by }) => by === 'person').length
  return `The search ended: score ${cheapest.score} by ${own} change${own === 1 ? '' : 's'}, ${monthsText(cheapest.months)}.`
}

/** What the section reads and does. */
export interface TogetherPlace {
  data: PersonData
  specs: readonly FactorSpec[]
  search: Search
  /** values as they stand, and their score */
  standing: () => { values: Values; score: number }
  /** sets values of several factors at once */
  take: (changes: readonly { factor: number; to: Value }[]) => void
}

export class Together {
  readonly #place: TogetherPlace
  readonly #months = part<HTMLSelectElement>('months')
  #timer = 0

  constructor(place: TogetherPlace) {
    this.#place = place
    this.#months.addEventListener('change', () => this.#look(FIRST))
  }

  /** After a move: what was found is old, and is looked for again when the reader pauses. */
  moved(): void {
    part('together-status').textContent = ''
    window.clearTimeout(this.#timer)
    this.#place.search.stop()
    const { score } = this.#place.standing()
    const { cutoff } = this.#place.data
    // There is nothing to reach; that is said beside the single changes.
    if (score >= cutoff) this.#put()
    else {
      this.#waiting()
      this.#timer = window.setTimeout(() => this.#look(FIRST), PAUSE)
    }
  }

  #put(...content: Content[]): void {
    part('together-list').replaceChildren(...element('div', {}, ...content).childNodes)
  }

  #waiting(): void {
    this.#put(
      element('p', { class: 'quiet print-no' }, 'Looking … the controls can be used meanwhile.'),
      element('p', { class: 'quiet print-only' }, 'The search had not ended when this was printed.'),
    )
  }

  #look({ options, nodes }: typeof FIRST): void {
    const { search, standing, data } = this.#place
    const { values, score } = standing()
    if (score >= data.cutoff) return
    window.clearTimeout(this.#timer)
    this.#waiting()
    const months = Number(this.#months.value)
    search.ask({ kind: 'search', values: [...values], months, options, nodes }, (answer) => {
      if (answer.kind === 'found') this.#show(answer.found, nodes)
      else this.#put(element('p', { class: 'quiet' }, `The search does not run here: ${answer.why}.`))
      performance.mark('glasscore together')
    })
  }

  #show(found: Counterfactuals, nodes: number): void {
    const { answer, options, months, cutoff } = found
    const within = months === 0 ? 'without waiting' : `within ${monthsText(months)}`
    const more = element('button', { type: 'button', class: 'small print-no' }, 'Look longer')
    more.addEventListener('click', () => this.#look(MORE))
    const longer =
      nodes < MORE.nodes
        ? element(
            'p',
            { class: 'print-no' },
            more,
            element('span', { class: 'quiet' }, ' for a proof and for other ways; some seconds to a minute'),
          )
        : null
    part('together-status').textContent = saidOf(found)
    if (answer === 'none')
      this.#put(element('p', {}, `No allowed change reaches ${cutoff} ${within}: the search has proved it.`))
    else if (answer === 'open')
      this.#put(
        element(
          'p',
          {},
          `Nothing was found ${within}, and that there is nothing is not proved: the search ended first.`,
        ),
        longer,
      )
    else
      this.#put(
        options.map((option, k) => this.#option(option, k)),
        longer,
      )
  }

  #option(option: Counterfactual, k: number): HTMLElement {
    const { data, specs, take, standing } = this.#place
    const at = option.changes.map((change) => ({
      ...change,
      f: data.factors.findIndex(({ name }) => name === change.factor),
    }))
    const button = element('button', { type: 'button', class: 'small', 'aria-label': `Try the change ${k + 1}` }, 'try')
    button.addEventListener('click', () => take(at.map(({ f, to }) => ({ factor: f, to }))))
    const own = at.filter(({ by }) => by === 'person')
    const waiting = at.length - own.length
    const { score } = standing()
    return element(
      'div',
      { class: k === 0 ? 'option' : 'option more' },
      element(
        'p',
        { class: 'option-head' },
        element(
          'span',
          {},
          element('strong', {}, `${option.score} `),
          element('span', { class: 'up' }, `(${signed(option.score - score)})`),
          ` by ${own.length} change${own.length === 1 ? '' : 's'}, ${monthsText(option.months)}. `,
          element(
            'span',
            { class: 'quiet' },
            `Cost ${fixed(2)(option.cost)}, `,
            option.proved
              ? 'proved the cheapest.'
              : `the cheapest found so far; none costs less than ${fixed(2)(option.bound)}.`,
          ),
        ),
        button,
      ),
      element(
        'ul',
        { class: 'plain-list' },
        own.map(({ f, from, to, months }) =>
          element(
            'li',
            {},
            saidBriefly(data.factors[f]!.title),
            ': ',
            saidBriefly(valueText(from, specs[f]!)),
            ' → ',
            element('strong', {}, saidBriefly(valueText(to, specs[f]!))),
            months > 0 && element('span', { class: 'quiet' }, ` (takes ${monthsText(months)})`),
          ),
        ),
        leftOff(own.length, PRINTED.together),
        waiting > 0 &&
          element(
            'li',
            { class: 'quiet rest' },
            `${waiting} factor${waiting === 1 ? '' : 's'} that grow${waiting === 1 ? 's' : ''} while ${monthsText(option.months)} pass`,
          ),
      ),
    )
  }
}
