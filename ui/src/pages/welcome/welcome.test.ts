import { describe, expect, it } from 'vitest'

import type { SourceView } from '../../api/server'
import { heard } from './heard'
import { dsnOf, isLocal, KINDS, PROTOCOLS, snippetsOf } from './snippets'

function source(more: Partial<SourceView>): SourceView {
  return {
    project: 'default',
    protocol: 'audit',
    sender: 'shop',
    sender_id: 'key-1',
    sender_type: 'key',
    client: 'curl/8.0',
    first_heard_at: '2026-01-01T00:00:00Z',
    last_heard_at: '2026-01-01T00:00:00Z',
    bytes: 1,
    requests: 1,
    requests_failed: 0,
    rows: 0,
    rows_today: 0,
    rejected: 0,
    reasons: [],
    services: [],
    ...more,
  }
}

describe('what has come so far', () => {
  it('is nothing while others send, or this key another way', () => {
    const others = [source({ sender_id: 'key-2', rows: 5 }), source({ protocol: 'loki', rows: 5 })]
    expect(heard(others, ['audit'], 'key-1')).toEqual({ kind: 'waiting' })
    expect(heard([], ['audit'], undefined)).toEqual({ kind: 'waiting' })
  })

  it('is anybody’s without a key of this page', () => {
    expect(heard([source({ sender_id: 'key-2', rows: 5 })], ['audit'], undefined)).toMatchObject({ kind: 'arrived', rows: 5, refused: undefined })
  })

  it('says why everything was refused, the newest reason last heard of', () => {
    const last = { at: '2026-01-01T00:00:02Z', code: 'action', reason: 'action is missing' }
    const sources = [
      source({ requests_failed: 1, reasons: [{ code: 'request_invalid', count: 1 }], last_rejection: { ...last, at: '2026-01-01T00:00:01Z' } }),
      source({ client: 'python', rejected: 3, reasons: [{ code: 'action', count: 3 }], last_rejection: last }),
    ]
    expect(heard(sources, ['audit'], 'key-1')).toEqual({
      kind: 'refused',
      refused: { count: 4, reasons: [{ code: 'action', count: 3 }, { code: 'request_invalid', count: 1 }], last },
    })
  })

  it('has arrived though a part was refused', () => {
    const sources = [source({ rows: 2, rejected: 1, reasons: [{ code: 'time', count: 1 }] })]
    expect(heard(sources, ['audit'], 'key-1')).toMatchObject({ kind: 'arrived', rows: 2, senders: ['curl/8.0'], refused: { count: 1 } })
  })
})

describe('snippets', () => {
  const place = { origin: 'https://audit.example.com', key: 'wd_ing_x', publicId: 'ab12', projectNumber: 3 }

  it('hold the address and the key, those of each kind', () => {
    for (const kind of KINDS) {
      expect(snippetsOf(kind, place), kind).not.toHaveLength(0)
      for (const { name, code } of snippetsOf(kind, place)) {
        expect(code, name).toContain(PROTOCOLS[kind].includes('sentry') ? 'ab12' : 'wd_ing_x')
        expect(code, name).toContain('audit.example.com')
      }
    }
  })

  it('have a DSN with the address as it is reached', () => {
    expect(dsnOf(place)).toBe('https://ab12@audit.example.com/3')
    expect(dsnOf({ ...place, origin: 'http://[::1]:8420' })).toBe('http://ab12@[::1]:8420/3')
  })

  it('give Fluent Bit host and port apart', () => {
    const code = (origin: string) => snippetsOf('logs', { ...place, origin }).find(({ name }) => name === 'Fluent Bit')?.code ?? ''
    expect(code('https://audit.example.com')).toMatch(/Port +443\n +tls +On/)
    expect(code('http://[::1]:8420')).toMatch(/Host +::1\n +Port +8420\n +tls +Off/)
  })

  it.each([
    ['http://127.0.0.1:8420', true],
    ['http://localhost', true],
    ['http://[::1]:8420', true],
    ['https://audit.example.com', false],
  ])('%s is reached from here only: %s', (origin, local) => {
    expect(isLocal(origin)).toBe(local)
  })
})
