/** The program of a person's page: reads model and person from the page, and shows what the model says of values as they are moved. */
import { canRunCompiled } from '../../kernels/memory/core.ts'
import { InlinePool } from '../../threads/inlinePool.ts'
import { signed } from '../../util/numberFormats.ts'
import { changesAlone } from '../alongFactor.ts'
import { type MovedPerson, MovePerson } from '../movePerson.ts'
import type { Value } from '../personData.ts'
import { Controls } from './controls.ts'
import { type Content, element, part, partIfAny } from './elements.ts'
import { type Embedded, embeddedData, embeddedScorer } from './embedded.ts'
import { Finder } from './finder.ts'
import {
  aloneList,
  changedList,
  dimensionTable,
  isLongReceipt,
  reasonList,
  receiptTable,
  SHORT_LIST,
  SHORT_RECEIPT,
  type Shown,
} from './lists.ts'
import { pentagon } from './pentagon.ts'
import { scaleBar } from './scaleBar.ts'
import { Search } from './search.ts'
import { serve } from './serve.ts'
import { Together } from './together.ts'

/** Milliseconds without a move after which the score is said aloud, and after which single changes are looked for. */
const QUIET = 700
const PAUSE = 200

const put = (id: string, ...content: Content[]): void => {
  part(id).replaceChildren(...element('div', {}, ...content).childNodes)
}

const textOf = (id: string): string => part(id).textContent

/** @param program the text of this script, of which a worker is made */
const start = async (program: string): Promise<void> => {
  const embedded: Embedded = { data: textOf('person-data'), json: textOf('model-json'), bin: textOf('model-bin') }
  const data = embeddedData(embedded)
  const scorer = embeddedScorer(embedded)
  const specs = scorer.encoding.factors
  const pool = new InlinePool({ kernels: canRunCompiled(false) ? 'wasm' : 'typescript', pauses: false })
  const person = await MovePerson.open(data, scorer, pool)
  const values: Value[] = data.factors.map(({ own }) => own)
  const own = await person.of(values)
  if (own.score !== data.score)
    throw new Error(`the page makes ${own.score} of the own values, and the library made ${data.score}`)

  let now: MovedPerson = own
  let whole = false
  let working = false
  let again = false
  let quiet = 0
  let pause = 0
  const shown = (): Shown => ({ data, specs, values, own, now })
  const moveScale = scaleBar(part('scale'), own.score, data.cutoff)

  const reach = (): string =>
    now.score >= data.cutoff
      ? `reaches the cut-off, ${data.cutoff}`
      : `${data.cutoff - now.score} below the cut-off, ${data.cutoff}`

  const drawScore = (): void => {
    const difference = now.score - own.score
    const moved = values.some((value, f) => value !== data.factors[f]!.own)
    part('score').textContent = String(now.score)
    const place = part('difference')
    place.textContent = moved ? `${difference === 0 ? '±0' : signed(difference)} against ${own.score}` : ''
    place.className = difference > 0 ? 'up' : difference < 0 ? 'down' : ''
    part('band').textContent = moved && now.band !== own.band ? `${own.band} → ${now.band}` : now.band
    part('reach').textContent = reach()
    part('reset-all').setAttribute('aria-disabled', String(!moved))
    moveScale(now.score)
  }

  /** points as they stand beside the controls */
  const written: number[] = []
  const drawPoints = (): void => {
    now.points.forEach((points, f) => {
      const place = partIfAny(`p${f}`)
      if (!place || points === written[f]) return
      written[f] = points
      place.textContent = signed(points)
      place.append(element('span', { class: 'unseen' }, ' points'))
      place.className = `points ${points > 0 ? 'up' : points < 0 ? 'down' : 'quiet'}`
      if (points !== own.points[f]) place.append(' ', element('small', {}, `before ${signed(own.points[f]!)}`))
    })
    now.dimensions.forEach(({ points }, d) => {
      const place = partIfAny(`gp${d}`)
      if (place) place.textContent = `${signed(points)} points`
    })
  }

  const drawReceipt = (): void => {
    const all = shown()
    const table = receiptTable(all, whole ? Number.POSITIVE_INFINITY : SHORT_RECEIPT)
    if (!isLongReceipt(all)) {
      put('receipt-table', table)
      return
    }
    const button = element('button', { type: 'button', class: 'more small' }, whole ? 'Shorter' : 'Every factor')
    button.addEventListener('click', () => {
      whole = !whole
      drawReceipt()
      part('receipt-table').querySelector('button')?.focus()
    })
    put('receipt-table', table, element('p', { class: 'print-no' }, button))
  }

  const finder = new Finder(data, () => finder.apply(values, now))

  const drawAlone = (): void => {
    const changes = now.score >= data.cutoff ? [] : changesAlone(scorer, data.factors, values, data.cutoff)
    const list = (most: number): void => {
      const all = element('button', { type: 'button', class: 'small' }, `All ${changes.length}`)
      all.addEventListener('click', () => {
        list(changes.length)
        part('alone-list').querySelector('button')?.focus()
      })
      put(
        'alone-list',
        aloneList(shown(), changes, most, ({ factor, to }) => {
          controls.show(factor, to)
          move(factor, to)
          part('changed-title').focus()
        }),
        most < changes.length && element('p', { class: 'print-no' }, all),
      )
    }
    list(SHORT_LIST)
    part('together').hidden = now.score >= data.cutoff
    performance.mark('glasscore alone')
  }

  const draw = (): void => {
    drawScore()
    drawPoints()
    put('reason-list', reasonList(shown()))
    put('changed-list', changedList(shown(), reset))
    const shape = pentagon(own, now)
    put('pentagon', shape)
    put('dimension-table', dimensionTable(shown()))
    drawReceipt()
    finder.apply(values, now)
    window.clearTimeout(pause)
    window.clearTimeout(quiet)
    pause = window.setTimeout(drawAlone, PAUSE)
    together.moved()
  }

  const say = (): void => {
    part('status').textContent =
      `Score ${now.score}, ${now.band}, ${now.score === own.score ? 'as at first' : `${signed(now.score - own.score)} against ${own.score}`}, ${reach()}.`
  }

  /** One working out at a time; what was moved meanwhile is worked out next. */
  const update = async (): Promise<void> => {
    again = true
    if (working) return
    working = true
    try {
      while (again) {
        again = false
        const from = performance.now()
        now = await person.of([...values])
        draw()
        performance.measure('glasscore move', { start: from, end: performance.now() })
      }
      quiet = window.setTimeout(say, QUIET)
    } finally {
      working = false
    }
  }

  const move = (factor: number, value: Value): void => {
    values[factor] = value
    update().catch(fail)
  }
  const controls = new Controls(data, specs, move)
  const together = new Together({
    data,
    specs,
    search: new Search(program, embedded),
    standing: () => ({ values, score: now.score }),
    take: (changes) => {
      for (const { factor, to } of changes) {
        values[factor] = to
        controls.show(factor, to)
      }
      update().catch(fail)
      part('changed-title').focus()
    },
  })
  const reset = (factor: number): void => {
    controls.show(factor, data.factors[factor]!.own)
    move(factor, data.factors[factor]!.own)
    part('changed-title').focus()
  }

  // It stays where it is when there is nothing to reset, and keeps the focus of whoever has used it.
  part('reset-all').addEventListener('click', () => {
    if (values.every((value, f) => value === data.factors[f]!.own)) return
    data.factors.forEach((factor, f) => {
      values[f] = factor.own
      controls.show(f, factor.own)
    })
    update().catch(fail)
  })
  // The dimension that takes most points is open: that is where a reader looks first.
  const [most] = own.dimensions.map(({ points }, d) => ({ points, d })).sort((a, b) => a.points - b.points)
  if (most) partIfAny<HTMLDetailsElement>(`g${most.d}`)?.setAttribute('open', '')
  draw()
  document.documentElement.dataset['ready'] = 'true'
}

const fail = (error: unknown): void => {
  const place = part('failure')
  place.textContent = `The page has failed: ${error instanceof Error ? error.message : String(error)}`
  place.hidden = false
}

// The same text is the program of the page and that of its worker, which has no document.
if (typeof document === 'undefined') serve(globalThis as unknown as Parameters<typeof serve>[0])
else start(document.currentScript?.textContent ?? '').catch(fail)
