import { describe, expect, it } from 'vitest'

import { movedColumn, readColumns, resizedColumn, toggledColumn, writeColumns } from './columns'

const USUAL = ['time', 'body']

describe('columns in the link', () => {
  it('come back as they were written, whatever their names hold', () => {
    const chosen = [{ name: 'time', width: 120 }, { name: 'a,b:c%' }, { name: 'שם' }]
    expect(readColumns(writeColumns(chosen, USUAL))).toEqual(chosen)
    expect(writeColumns([{ name: 'time' }, { name: 'body' }], USUAL)).toBeUndefined()
    expect(readColumns(undefined)).toBeUndefined()
  })

  it('are harmless when somebody wrote nonsense', () => {
    expect(readColumns('time,time,,body:nan,x:-4,y:1,%zz')).toEqual([{ name: 'time' }, { name: 'body' }, { name: 'x' }, { name: 'y', width: 56 }, { name: '%zz' }])
    expect(readColumns(',')).toBeUndefined()
  })

  it('are added, taken away, moved and widened', () => {
    const two = [{ name: 'time' }, { name: 'body' }]
    expect(toggledColumn(two, 'host').map(({ name }) => name)).toEqual(['time', 'body', 'host'])
    expect(toggledColumn(two, 'body')).toEqual([{ name: 'time' }])
    expect(toggledColumn([{ name: 'time' }], 'time')).toEqual([{ name: 'time' }])
    expect(movedColumn(two, 'body', -1).map(({ name }) => name)).toEqual(['body', 'time'])
    expect(movedColumn(two, 'body', 1)).toEqual(two)
    expect(resizedColumn(two, 'body', 12.4)).toEqual([{ name: 'time' }, { name: 'body', width: 56 }])
  })
})
