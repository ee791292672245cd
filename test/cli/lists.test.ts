import { expect, it } from 'vitest'
import { list, namedLists, namedNumbers, pairs } from '../../src/cli/lists.ts'

it('lists of names keep the commas that are part of a name', () => {
  expect(list('a, b\\, c')).toEqual(['a', 'b, c'])
  expect(list('d', ['a'])).toEqual(['a', 'd'])
  expect(pairs('sex=m,age=25,35')).toEqual([
    ['sex', 'm'],
    ['age', '25,35'],
  ])
  expect(namedLists('money=income\\, net,debt', namedLists('place=city'))).toEqual({
    place: ['city'],
    money: ['income, net', 'debt'],
  })
  expect(namedNumbers('money=70,place=30')).toEqual({ money: 70, place: 30 })
})

it('a name without a value, a text for a number, and a name given twice are refused', () => {
  expect(() => namedNumbers('money')).toThrow('expected ATTRIBUTE=VALUE')
  expect(() => namedNumbers('money=much')).toThrow('expected a number')
  expect(() => namedNumbers('money=1', { money: 2 })).toThrow('money is given twice')
})
