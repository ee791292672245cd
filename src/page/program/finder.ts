/** Which controls are in sight: those that are looked for, those of a kind. */

import type { MovedPerson } from '../movePerson.ts'
import type { PersonData, Values } from '../personData.ts'
import { part, partIfAny } from './elements.ts'

export class Finder {
  readonly #data: PersonData
  readonly #find = part<HTMLInputElement>('find')
  readonly #show = part<HTMLSelectElement>('show')
  /** what each factor says of itself, to be searched */
  readonly #texts: readonly string[]
  #opened: Set<Element> | null = null

  constructor(data: PersonData, again: () => void) {
    this.#data = data
    this.#texts = data.factors.map((_, f) => (partIfAny(`f${f}`)?.textContent ?? '').toLowerCase())
    this.#find.addEventListener('input', again)
    this.#show.addEventListener('change', again)
  }

  /** Hides what is not looked for; groups open while something is, and are as before when nothing is. */
  apply(values: Values, now: MovedPerson): void {
    const words = this.#find.value.toLowerCase().split(/\s+/).filter(Boolean)
    const kind = this.#show.value
    const groups = [...document.querySelectorAll<HTMLDetailsElement>('details.group')]
    const all = words.length === 0 && kind === 'all'
    if (all) {
      if (!this.#opened) return
      for (const group of groups) group.hidden = false
      for (const row of document.querySelectorAll<HTMLElement>('.factor')) row.hidden = false
      for (const group of groups) group.open = this.#opened.has(group)
      this.#opened = null
      part('found').textContent = ''
      return
    }
    this.#opened ??= new Set(groups.filter(({ open }) => open))
    let found = 0
    this.#data.factors.forEach((factor, f) => {
      const row = partIfAny(`f${f}`)
      if (!row) return
      const fits =
        words.every((word) => this.#texts[f]!.includes(word)) &&
        (kind === 'all' ||
          (kind === 'movable' && factor.change !== 'fixed') ||
          (kind === 'cost' && now.points[f]! < 0) ||
          (kind === 'moved' && values[f] !== factor.own))
      // A control that is in use stays: it does not vanish under the hand.
      row.hidden = !fits && !row.contains(document.activeElement)
      if (fits) found++
    })
    for (const group of groups) {
      const some = group.querySelector('.factor:not([hidden])') !== null
      group.hidden = !some
      if (some && !group.open) group.open = true
    }
    part('found').textContent = found === 0 ? 'No factor fits.' : `${found} factor${found === 1 ? '' : 's'} shown.`
  }
}
