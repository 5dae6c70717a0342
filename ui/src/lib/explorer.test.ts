import { describe, expect, it } from 'vitest'

import { opened } from './batches'
import { flattened } from './changes'
import { curlLine } from './curl'
import { toggledOf } from './search'

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
