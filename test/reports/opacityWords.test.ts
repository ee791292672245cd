import { expect, it } from 'vitest'
import { modelTitle } from '../../src/reports/sections/opacityWords.ts'

it('the model of the declared weights is not shown under the name of the weights', () => {
  expect(modelTitle('declared')).toBe('declared model')
  expect(modelTitle('forest')).toBe('forest')
})
