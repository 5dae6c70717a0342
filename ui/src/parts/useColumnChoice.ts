/** The columns of a table, their order and their widths, as the link has them. */

import { useCallback, useMemo } from 'react'

import type { ColumnChoice } from '../lib/columns'
import { readColumns, resizedColumn, writeColumns } from '../lib/columns'
import { one } from '../lib/search'
import type { Address } from './address'

export interface ColumnsInLink {
  chosen: readonly ColumnChoice[]
  /** `undefined`: the usual ones again. */
  choose: (chosen: readonly ColumnChoice[] | undefined) => void
  resize: (name: string, width: number) => void
}

/** `known`: where given, other names in the link are passed over. */
export function useColumnChoice(address: Address, usual: readonly string[], known?: readonly string[]): ColumnsInLink {
  const asked = one(address.search, 'columns')
  const chosen = useMemo(() => {
    const read = readColumns(asked)?.filter(({ name }) => known?.includes(name) ?? true) ?? []
    return read.length > 0 ? read : usual.map((name): ColumnChoice => ({ name }))
  }, [asked, usual, known])
  const { change } = address
  const choose = useCallback(
    (next: readonly ColumnChoice[] | undefined) => change({ columns: next === undefined ? undefined : writeColumns(next, usual) }, 'replace'),
    [change, usual],
  )
  const resize = useCallback((name: string, width: number) => choose(resizedColumn(chosen, name, width)), [choose, chosen])
  return { chosen, choose, resize }
}
