import { describe, expect, it } from 'vitest'

import { collapsed } from './batches'
import { columnsOf } from './buckets'
import { changesOf, flattened, isUnchanged, words } from './changes'
import { caps, outcome, writtenPress } from './keys'
import { languageOfPath, pathInLanguage, plural } from './language'
import { bytes, percent } from './numbers'
import { parseSearch, patched, toggled, writeSearch } from './search'
import { visible, visibleText } from './visible'

describe('texts from outside', () => {
  it('show what would turn or hide them', () => {
    expect(visibleText('user\u202egnp.exe')).toBe('user⟨U+202E⟩gnp.exe')
    expect(visible('a\u0000b').map((piece) => piece.mark)).toEqual([undefined, 'U+0000', undefined])
    expect(visible('שלום, tab\tand line\nend')).toEqual([{ text: 'שלום, tab\tand line\nend' }])
    expect(visible('')).toEqual([{ text: '' }])
  })
})

describe('links', () => {
  it('keep several values of a name', () => {
    const search = parseSearch('?action=A&action=%21B&q=a+b')
    expect(search).toEqual({ action: ['A', '!B'], q: ['a b'] })
    expect(parseSearch(writeSearch(search))).toEqual(search)
    expect(toggled(search, 'action', 'A')).toEqual({ action: ['!B'], q: ['a b'] })
    expect(patched(search, { action: undefined, q: '' })).toEqual({})
  })

  it('carry the language before the path', () => {
    expect(languageOfPath('/he/audit')).toBe('he')
    expect(languageOfPath('/hello')).toBeUndefined()
    expect(pathInLanguage('/he/audit', 'en')).toBe('/en/audit')
    expect(pathInLanguage('/audit', 'he')).toBe('/he/audit')
    expect(pathInLanguage('/he', 'en')).toBe('/en/')
  })
})

describe('keys', () => {
  const known = [{ keys: 'g a' }, { keys: 'j' }, { keys: 'mod+k' }, { keys: '?' }]
  const press = (key: string, more = {}) => writtenPress({ key, mod: false, shift: false, alt: false, ...more })

  it('wait for the second of two', () => {
    expect(outcome(known, '', press('g'))).toEqual({ kind: 'wait', pressed: 'g' })
    expect(outcome(known, 'g', press('a'))).toEqual({ kind: 'run', found: { keys: 'g a' } })
    expect(outcome(known, 'g', press('j'))).toEqual({ kind: 'run', found: { keys: 'j' } })
    expect(outcome(known, '', press('z'))).toEqual({ kind: 'nothing' })
  })

  it('are written as they are bound', () => {
    expect(press('?', { shift: true })).toBe('?')
    expect(press('K', { mod: true })).toBe('mod+k')
    expect(press('G', { shift: true })).toBe('shift+g')
    expect(caps('mod+k', true)).toEqual(['⌘K'])
    expect(caps('g a', false)).toEqual(['G', 'A'])
  })
})

describe('changes', () => {
  const list = changesOf([
    { field: 'status', before: '"open"', after: '"closed"' },
    { field: 'address', before: '{"city":"A","zip":"1"}', after: '{"city":"B","zip":"1"}' },
    { field: 'password', before: '"[Filtered]"', after: '"[Filtered]"' },
  ])

  it('are taken apart and compared', () => {
    const flat = flattened(list)
    expect(flat.map((change) => change.field)).toEqual(['status', 'address.city', 'address.zip', 'password'])
    expect(flat.filter(isUnchanged).map((change) => change.field)).toEqual(['address.zip'])
    expect(changesOf('no list')).toEqual([])
  })

  it('of long texts are shown word by word', () => {
    const pieces = words({ field: 'note', before: 'the old note', after: 'the new note' })
    expect(pieces?.filter((piece) => piece.kind !== 'same').map((piece) => [piece.kind, piece.text])).toEqual([
      ['removed', 'old'],
      ['added', 'new'],
    ])
    expect(words({ field: 'status', before: 'open', after: 'closed' })).toBeUndefined()
  })

})

describe('rows', () => {
  it('of one batch that follow one another are one line', () => {
    const lines = collapsed([{ batch_id: 'b' }, { batch_id: 'b' }, {}, {}, { batch_id: 'b' }])
    expect(lines.map((line) => line.rows.length)).toEqual([2, 1, 1, 1])
  })

  it('are counted in every bucket of a range', () => {
    const { times, series } = columnsOf([{ time: '1970-01-01T00:01:00Z', counts: { INFO: 3 } }], 60_000, 0, 180_000)
    expect(times).toEqual([0, 60_000, 120_000])
    expect(series).toEqual([{ name: 'INFO', counts: [0, 3, 0] }])
  })
})

describe('numbers', () => {
  it('have units', () => {
    expect([bytes(0), bytes(999), bytes(1500), bytes(276_000_000)]).toEqual(['0 B', '999 B', '1.5 kB', '276 MB'])
    expect([percent(0), percent(0.0001), percent(0.05), percent(0.5)]).toEqual(['0%', '<0.1%', '5.0%', '50%'])
    expect(plural('he', 2, { one: 'אחד', two: 'שניים', other: 'רבים' })).toBe('שניים')
    expect(plural('en', 1, { one: 'row', other: 'rows' })).toBe('row')
  })
})
