import { describe, expect, it } from 'vitest'

import { withUndo } from './undo'
import { versionsOfProject } from './versions'

const change = (field: string, before: unknown, after: unknown) => ({ field, before, after })
const entry = (target_type: string, target_id: string, ...changes: unknown[]) => ({ target_type, target_id, outcome: 'success', changes })

describe('a change in the trail', () => {
  it('is taken back field by field', () => {
    const rows = [
      entry('project', 'billing', change('name', 'Billing', 'Money')),
      entry('project', 'shop', change('state', 'archived', 'active')),
      entry('user', 'u-1', change('role', 'viewer', 'admin'), change('state', 'enabled', 'disabled')),
    ]
    expect(withUndo(rows).map(({ undo }) => undo)).toEqual([
      { kind: 'project', slug: 'billing', change: { name: 'Billing' } },
      { kind: 'project', slug: 'shop', change: { archived: true } },
      { kind: 'user', id: 'u-1', change: { role: 'viewer', disabled: false } },
    ])
  })

  it('stays where the same field of the same thing changed again', () => {
    const rows = [
      entry('user', 'u-1', change('role', 'admin', 'viewer')),
      entry('user', 'u-2', change('role', 'viewer', 'admin')),
      entry('user', 'u-1', change('name', 'A', 'B')),
      entry('user', 'u-1', change('role', 'viewer', 'admin')),
    ]
    expect(withUndo(rows).map(({ undo }) => typeof undo === 'string')).toEqual([false, false, false, true])
  })

  it('is final where something was made, refused, or has no way back', () => {
    const rows = [
      entry('project', 'new', change('name', null, 'New')),
      { ...entry('user', 'u-1', change('role', 'a', 'b')), outcome: 'failure' },
      entry('key', 'k-1', change('state', 'active', 'revoked')),
      entry('user', 'u-1', change('password', '[Filtered]', '[Filtered]')),
    ]
    expect(withUndo(rows).map(({ undo }) => undo)).toEqual(['final', 'final', 'final', 'final'])
  })
})

describe('versions of the rules of one project', () => {
  it('leave out what changed only others', () => {
    const rule = { name: 'tax', kind: 'key', pattern: '*tax*' }
    const version = (number: number, before: unknown, after: unknown) => ({ version: number, before, after, changed_at: '', changed_by: '', source: 'request' })
    const versions = [version(1, {}, { shop: [rule] }), version(2, { shop: [rule] }, { shop: [rule], other: [rule] }), version(3, { shop: [rule], other: [rule] }, { other: [rule] })]
    expect(versionsOfProject(versions, 'shop').map((one) => [one.version, one.before, one.after])).toEqual([
      [1, [], [rule]],
      [3, [rule], []],
    ])
  })
})
