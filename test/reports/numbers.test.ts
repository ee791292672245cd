import { describe, expect, it } from 'vitest'
import { type Format, money, plain } from '../../src/reports/numbers.ts'
import { renderRunReport } from '../../src/reports/reportPage.ts'
import { random } from '../../src/util/random.ts'
import { all, parsePage, saysNumber } from './checkPage.ts'
import { fixtureReport } from './fixture.ts'

describe('values as they are in the data', () => {
  it('are written in full', () => {
    const cases: [number, string, string][] = [
      [128300, '128,300', '128,300'],
      [11823.87, '11,823.87', '11,823.87'],
      [11666.74501369863, '11,666.745014', '11,666.75'],
      [97.5, '97.5', '97.50'],
      [0.46431435445068164, '0.464314', '0.46'],
      [0.00567051, '0.00567051', '0.01'],
      [0, '0', '0'],
      [-0.0000001, '−0.0000001', '−0.0000001'],
      [-1234567, '−1,234,567', '−1,234,567'],
      [1e21, '1.00000e21', '1.00000e21'],
      [1.5e-12, '1.50000e−12', '1.50000e−12'],
    ]
    for (const [value, as, asMoney] of cases) expect([plain(value), money(value)]).toEqual([as, asMoney])
  })

  it('are never rounded to fewer digits than a person needs to check them', () => {
    const four: Format = (x) => x.toLocaleString('en-US', { maximumSignificantDigits: 4 })
    const wrong = (format: Format): number => {
      const r = random(5)
      let n = 0
      for (let i = 0; i < 500; i++) {
        const cents = r.integer(10 ** (1 + (i % 9)))
        if (Number(format(cents / 100).replaceAll(',', '')) !== cents / 100) n++
        expect(saysNumber(plain(cents / 100), cents / 100)).toBe(true)
      }
      return n
    }
    expect(wrong(plain)).toBe(0)
    expect(wrong(money)).toBe(0)
    expect(wrong(four)).toBeGreaterThan(100)
  })

  it('carry their unit so that it can be read', () => {
    const report = fixtureReport({ factors: 6 })
    const units = ['CNY', 'yes/no', 'share 0..1', 'flights', 'class', '']
    const values = [11823.87, 1, 0.25, 3, 2, 7]
    report.person!.factors = report.person!.factors.map((f, i) => ({
      ...f,
      unit: units[i]!,
      value: values[i]!,
      missing: null,
    }))
    const rows = all(all(parsePage(renderRunReport(report)), '#person table')[1]!, 'tbody tr')
    expect(rows.slice(1, 7).map((row) => all(row, 'td')[1]!.textContent)).toEqual([
      '11,823.87 CNY',
      '1 (yes)',
      '0.25 (share, 0 to 1)',
      '3 flights',
      '2 (class)',
      '7',
    ])
  })
})
