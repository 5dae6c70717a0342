import { describe, expect, it } from 'vitest'

import { exceptionsOf, grouped, placeOf, stackText } from './stack'

const frame = (more: Record<string, unknown>) => ({ function: 'f', filename: 'shop/cart.py', abs_path: '/srv/shop/cart.py', lineno: 7, ...more })
const library = frame({ function: 'call', abs_path: '/srv/env/lib/python3.11/site-packages/flask/app.py', in_app: true })
const event = {
  exception: [
    { type: 'KeyError', value: "'17'", stacktrace: { frames: [frame({ function: 'price_of' })] } },
    { type: 'ValueError', value: 'no price', mechanism: { type: 'flask', handled: false }, stacktrace: { frames: [library, library, frame({ function: 'pay', colno: 3 })] } },
  ],
}

describe('exceptions of an event', () => {
  it('begin with what was thrown last, and its innermost call', () => {
    const [thrown, cause] = exceptionsOf(event)
    expect([thrown?.type, thrown?.handled, thrown?.mechanism, cause?.type]).toEqual(['ValueError', false, 'flask', 'KeyError'])
    expect(thrown?.frames.map((one) => [one.function, one.isOwn])).toEqual([['pay', true], ['call', false], ['call', false]])
  })

  it('are read from text and from `values`, and whatever else they are they break nothing', () => {
    expect(exceptionsOf({ exception: JSON.stringify({ values: event.exception }) })).toHaveLength(2)
    for (const odd of [undefined, null, 'no json', 7, [], [7], [{}], [{ stacktrace: { frames: 'x' } }], [{ stacktrace: { frames: [null, { vars: [], pre_context: 7, context_line: 'x' }] } }]]) {
      expect(exceptionsOf({ exception: odd, raw: odd }).flatMap(({ frames }) => frames.flatMap((one) => one.source))).toEqual([])
    }
  })

  it('are a stack alone where a message came with one', () => {
    const raw = { threads: { values: [{}, { stacktrace: { frames: [frame({})] } }] } }
    expect(exceptionsOf({ raw }).map(({ type, frames }) => [type, frames.length])).toEqual([[undefined, 1]])
    expect(exceptionsOf({ raw: { message: 'x' } })).toEqual([])
  })

  it('number the lines of source', () => {
    const [only] = exceptionsOf({ exception: [{ stacktrace: { frames: [frame({ pre_context: ['a', 'b'], context_line: 'c', post_context: ['d'] })] } }] })
    expect(only?.frames[0]?.source).toEqual([{ number: 5, text: 'a' }, { number: 6, text: 'b' }, { number: 7, text: 'c' }, { number: 8, text: 'd' }])
  })
})

describe('frames', () => {
  const frames = exceptionsOf(event)[0]?.frames ?? []

  it('of libraries stand together', () => {
    expect(grouped(frames).map((group) => (group.kind === 'own' ? group.frame.function : group.frames.length))).toEqual(['pay', 2])
  })

  it('of libraries only: the innermost stands for the application', () => {
    expect(grouped(frames.slice(1)).map(({ kind }) => kind)).toEqual(['own', 'library'])
    expect(grouped([])).toEqual([])
  })

  it('say their place as far as it is known', () => {
    expect(placeOf(frames[0] as never)).toBe('shop/cart.py:7:3')
    expect(stackText(exceptionsOf(event))).toContain("    at call (shop/cart.py:7)\ncaused by: KeyError: '17'\n    at price_of (shop/cart.py:7)")
  })
})
