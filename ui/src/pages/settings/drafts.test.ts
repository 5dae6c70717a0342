import { expect, test } from 'vitest'

import { draftOf, isWhole, ruleOf } from './drafts'

test('a rule survives being typed', () => {
  for (const rule of [{}, { table: 'logs', days: 30 }, { project: 'shop', bytes: 5_000_000_000 }]) {
    expect(ruleOf(draftOf(rule))).toEqual(rule)
  }
})

test.each([
  ['', true],
  ['30', true],
  [' 30 ', true],
  ['0', false],
  ['-1', false],
  ['1.5', false],
  ['1e3', false],
  ['99999999999999999999', false],
])('%j is a bound: %s', (text, expected) => {
  expect(isWhole(text)).toBe(expected)
})
