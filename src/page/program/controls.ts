/** The controls of the factors: what is moved here is told to `onMove`, and what is set elsewhere is shown here. */
import type { FactorSpec } from '../../schema/factor.ts'
import { valueText } from '../../schema/valueText.ts'
import type { MovableFactor, PersonData, Value } from '../personData.ts'
import { lastPlace, numberAt, placeOf } from '../sliderScale.ts'
import { part, partIfAny } from './elements.ts'

export class Controls {
  readonly #factors: readonly MovableFactor[]
  readonly #specs: readonly FactorSpec[]
  readonly #onMove: (factor: number, value: Value) => void
  readonly #values: Value[]

  constructor(data: PersonData, specs: readonly FactorSpec[], onMove: (factor: number, value: Value) => void) {
    this.#factors = data.factors
    this.#specs = specs
    this.#onMove = onMove
    this.#values = data.factors.map(({ own }) => own)
    data.factors.forEach((factor, f) => {
      if (!factor.used) return
      if (factor.levels) this.#bindLevels(f)
      else this.#bindNumber(f)
      part(`b${f}`).addEventListener('click', () => {
        this.#move(f, factor.own)
        part(`v${f}`).focus()
      })
      this.show(f, factor.own)
    })
  }

  #move(f: number, value: Value): void {
    this.show(f, value)
    this.#onMove(f, value)
  }

  #bindLevels(f: number): void {
    const select = part<HTMLSelectElement>(`v${f}`)
    select.addEventListener('change', () => {
      const level = this.#factors[f]!.levels![Number(select.value)]
      this.#move(f, select.value === '' || !level ? null : level.value)
    })
  }

  #bindNumber(f: number): void {
    const factor = this.#factors[f]!
    const slider = part<HTMLInputElement>(`r${f}`)
    const field = part<HTMLInputElement>(`v${f}`)
    slider.max = String(lastPlace(factor))
    slider.step = '1'
    slider.addEventListener('input', () => {
      const to = numberAt(factor, Number(slider.value))
      // A one-way factor stays where the person is.
      this.#move(f, factor.change === 'up' && typeof factor.own === 'number' ? Math.max(factor.own, to) : to)
    })
    field.addEventListener('input', () => {
      const fault = this.#faultOf(f, field)
      this.#say(f, fault)
      if (fault === '' && field.value !== '') {
        const value = field.valueAsNumber
        this.#values[f] = value
        this.#place(f, value)
        this.#onMove(f, value)
      }
    })
    // A field that is left empty or wrong goes back to what counts.
    field.addEventListener('change', () => this.show(f, this.#values[f]!))
    partIfAny<HTMLInputElement>(`m${f}`)?.addEventListener('change', (event) => {
      const missing = (event.target as HTMLInputElement).checked
      const { own, reference, low } = factor
      this.#move(f, missing ? null : typeof own === 'number' ? own : typeof reference === 'number' ? reference : low)
    })
  }

  /** Why a typed value cannot be used; '' where it can. */
  #faultOf(f: number, field: HTMLInputElement): string {
    const { min, max, whole, change, own } = this.#factors[f]!
    const value = field.valueAsNumber
    if (field.value === '' && !field.validity.badInput) return ''
    if (!Number.isFinite(value)) return 'a number is needed'
    if (change === 'up' && typeof own === 'number' && value < own) return `it can only rise: ${own} or more`
    if (min !== null && value < min) return `${min} is the lowest value that is allowed`
    if (max !== null && value > max) return `${max} is the highest value that is allowed`
    if (whole && !Number.isInteger(value)) return 'whole numbers only'
    return ''
  }

  #say(f: number, fault: string): void {
    const place = part(`e${f}`)
    place.textContent = fault
    place.hidden = fault === ''
    const field = part(`v${f}`)
    if (fault) field.setAttribute('aria-invalid', 'true')
    else field.removeAttribute('aria-invalid')
  }

  /** The slider, and the marks of a row, for a value. */
  #place(f: number, value: Value): void {
    const factor = this.#factors[f]!
    const slider = partIfAny<HTMLInputElement>(`r${f}`)
    if (slider) {
      const at =
        typeof value === 'number' ? value : typeof factor.reference === 'number' ? factor.reference : factor.low
      slider.value = String(placeOf(factor, at))
      slider.setAttribute('aria-valuetext', valueText(value, this.#specs[f]!))
      slider.classList.toggle('empty', value === null)
    }
    const moved = value !== factor.own
    part(`f${f}`).classList.toggle('moved', moved)
    part(`b${f}`).hidden = !moved
  }

  /** Shows a value that counts now. */
  show(f: number, value: Value): void {
    const factor = this.#factors[f]!
    if (!factor.used) return
    this.#values[f] = value
    if (factor.levels) {
      const at = factor.levels.findIndex((level) => level.value === value)
      part<HTMLSelectElement>(`v${f}`).value = value === null || at < 0 ? '' : String(at)
    } else {
      const field = part<HTMLInputElement>(`v${f}`)
      field.value = value === null ? '' : String(value)
      this.#say(f, '')
      const missing = partIfAny<HTMLInputElement>(`m${f}`)
      if (missing) missing.checked = value === null
    }
    this.#place(f, value)
  }
}
