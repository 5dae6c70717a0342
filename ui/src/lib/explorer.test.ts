import { describe, expect, it } from 'vitest'

import { opened } from './batches'
import { flattened } from './changes'
import { curlLine } from './curl'
import { hebrewSentence } from './sentence'
import { toggledOf } from './search'

describe('sentences in Hebrew', () => {
  const told = (row: Record<string, unknown>) =>
    hebrewSentence(row)
      .map((piece) => (piece.kind === 'value' ? `[${piece.text}]` : piece.text))
      .join(' ')

  it.each([
    [{ actor_email: 'dana@example.com', action: 'order_deleted', target_type: 'order', target_id: '17', reason: 'duplicate' }, '[dana@example.com] : מחיקה של [order 17] · סיבה: [duplicate]'],
    [{ actor_id: 'u1', action: 'LOGIN', outcome: 'failure' }, '[u1] : כניסה (כישלון)'],
    [{ action: 'order_deleted' }, 'ללא זיהוי: מחיקה של [order]'],
    [{ actor_id: 'u1', action: 'ship', target_id: '9', state: 'intent' }, '[u1] : [ship 9] (הוכרז בלבד)'],
    [{ actor_id: 'u1', action: 'ship', description: 'packed\nand sent' }, '[u1] : [packed]'],
    [{ actor_id: 'u1', action: '_deleted', target_id: '9' }, '[u1] : [_deleted 9]'],
  ])('%j', (row, expected) => {
    expect(told(row)).toBe(expected)
  })
})

describe('lines for a shell', () => {
  it('quote what stands in them', () => {
    expect(curlLine("http://host/api?q=it's")).toBe(`curl -sS -H "Authorization: Bearer $WHODUNIT_KEY" 'http://host/api?q=it'\\''s'`)
  })
})

describe('changes of lists', () => {
  it('are taken apart where members are objects', () => {
    const flat = flattened([{ field: 'lines', before: [{ n: 1 }], after: [{ n: 2 }, { n: 3 }] }])
    expect(flat).toEqual([
      { field: 'lines[0].n', before: 1, after: 2 },
      { field: 'lines[1]', before: undefined, after: { n: 3 } },
    ])
    const plain = { field: 'tags', before: ['a'], after: ['a', 'b'] }
    expect(flattened([plain])).toEqual([plain])
  })
})

describe('filters by click', () => {
  it('never ask for a value and against it', () => {
    expect(toggledOf({ action: ['A', '!B'] }, 'action', '!A')).toEqual(['!B', '!A'])
    expect(toggledOf({ action: ['A'] }, 'action', 'A')).toEqual([])
    expect(toggledOf({ action: ['!A'] }, 'action', 'A')).toEqual(['A'])
  })
})

describe('a batch that was opened', () => {
  it('has one line per row', () => {
    expect(opened([{ batch_id: 'b' }, { batch_id: 'b' }]).map((line) => line.rows.length)).toEqual([1, 1])
  })
})
