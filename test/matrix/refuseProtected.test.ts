import { describe, expect, it } from 'vitest'
import { refuseProtected } from '../../src/matrix/refuseProtected.ts'
import { spec } from './helpers.ts'

describe('refuseProtected', () => {
  it('lets other columns pass', () => {
    expect(() => refuseProtected([spec('amount'), spec('sexual_health_spending')], ['sex', 'age'])).not.toThrow()
  })

  it.each(['sex', 'Sex', 'SEX', ' s-e-x '])('refuses %j', (name) => {
    expect(() => refuseProtected([spec('amount'), spec(name)], ['sex'])).toThrow(
      /a protected attribute cannot be an input of a score/,
    )
  })
})
