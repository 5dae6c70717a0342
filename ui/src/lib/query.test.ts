import { describe, expect, it } from 'vitest'

import { placeAt, readQuery, writtenValue } from './query'

describe('queries above a list', () => {
  it.each([
    ['timeout level=ERROR', 'timeout', [['level', 'ERROR']]],
    ['"a phrase" status>=500', '"a phrase"', [['status', '>=500']]],
    ['status=>=500 host=!web1', '', [['status', '>=500'], ['host', '!web1']]],
    ['message="two words"', '', [['message', 'two words']]],
    ['duration<5', '', [['duration', '<5']]],
    ['-host=web1 service=api "free text"', '"free text"', [['host', '!web1'], ['service', 'api']]],
    ['host!=web1 -level!=INFO', '', [['host', '!web1'], ['level', 'INFO']]],
    ['-host=!web1', '', [['host', 'web1']]],
    ['-path="/a b"', '', [['path', '!/a b']]],
    ['trace_id=*', '', [['trace_id', '*']]],
    ['a-b - c', 'a-b - c', []],
    ['', '', []],
  ])('%s', (typed, words, filters) => {
    expect(readQuery(typed)).toEqual({ kind: 'read', typed: { words, filters } })
  })

  it.each([
    ['level=', 'value'],
    ['=ERROR', 'name'],
    ['1a=5', 'name'],
    ['host=!', 'value'],
    ['status>=', 'value'],
    ['host=""', 'value'],
    ['"a phrase', 'quote'],
    ['path="/a', 'quote'],
    ['-debug', 'word'],
  ])('%s names what is wrong', (part, fault) => {
    expect(readQuery(`fine ${part}`)).toEqual({ kind: 'wrong', part, fault })
  })
})

describe('what is being typed', () => {
  it.each([
    ['ser', 3, { kind: 'name', from: 0, typed: 'ser' }],
    ['', 0, { kind: 'name', from: 0, typed: '' }],
    ['a -ho', 5, { kind: 'name', from: 3, typed: 'ho' }],
    ['level=ER', 8, { kind: 'value', from: 6, name: 'level', typed: 'ER' }],
    ['-host!=w', 8, { kind: 'value', from: 7, name: 'host', typed: 'w' }],
    ['status>=5', 9, { kind: 'value', from: 8, name: 'status', typed: '5' }],
    ['path="/a b', 10, { kind: 'value', from: 5, name: 'path', typed: '/a b' }],
    ['level=ERROR x', 6, { kind: 'value', from: 6, name: 'level', typed: '' }],
    ['"free te', 8, { kind: 'phrase' }],
  ])('%s at %i', (text, caret, place) => {
    expect(placeAt(text, caret)).toEqual(place)
  })

  it('is written so that it is read again', () => {
    for (const value of ['web1', 'two words', 'a=b', 'a!']) {
      const written = writtenValue(value)
      const read = readQuery(`host=${written ?? ''}`)
      expect(read.kind === 'read' && read.typed.filters[0]?.[1]).toBe(value)
    }
    expect(['say "no"', '', '!a', '>5', '*'].map(writtenValue)).toEqual(Array(5).fill(undefined))
  })
})
