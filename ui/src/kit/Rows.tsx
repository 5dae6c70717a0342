/**
 * Many rows in a window that scrolls: only those in sight are drawn. One row is the current one; `j` and `k` move it,
 * Enter opens it. Read out as a grid.
 */

import { useVirtualizer } from '@tanstack/react-virtual'
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react'
import { useEffect, useRef, useState } from 'react'

export interface RowsColumn<T> {
  id: string
  title: string
  /** A CSS grid track, as `180px` or `minmax(200px, 2fr)`. */
  width: string
  cell: (row: T) => ReactNode
}

interface Props<T> {
  label: string
  columns: readonly RowsColumn<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
  onOpen: (row: T) => void
  /** The newest rows in sight are near the end of those that are loaded. */
  onNearEnd?: () => void
  /** The row that stands out, by key. */
  chosen?: string | undefined
  /** All rows there are, if more than are loaded. */
  total?: number | undefined
  minWidth?: number
}

const ROW_PX = 36
const NEAR_END = 30

/** Moves the current row; given to the page for its keyboard shortcuts. */
export interface RowsCursor {
  at: number
  move: (step: number) => void
}

export function useRowsCursor(length: number): RowsCursor & { set: (at: number) => void } {
  const [at, set] = useState(-1)
  return { at: Math.min(at, length - 1), set, move: (step) => set(Math.max(0, Math.min(length - 1, at + step))) }
}

export function Rows<T>(props: Props<T> & { cursor: RowsCursor & { set: (at: number) => void } }) {
  const { label, columns, rows, keyOf, onOpen, onNearEnd, chosen, total, minWidth = 900, cursor } = props
  const box = useRef<HTMLDivElement>(null)
  // The virtualizer is no plain data; nothing here is memoised by the compiler.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => ROW_PX, overscan: 12 })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - NEAR_END) onNearEnd?.()
  }, [last, rows.length, onNearEnd])
  useEffect(() => {
    if (cursor.at >= 0) virtual.scrollToIndex(cursor.at, { align: 'auto' })
    // From here on Enter is the grid's.
    if (cursor.at >= 0 && document.activeElement === document.body) box.current?.focus({ preventScroll: true })
    // Only a move of the cursor scrolls.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [cursor.at])
  const pressed = (event: KeyboardEvent) => {
    // Links and buttons inside have keys of their own.
    if (event.target !== event.currentTarget) return
    const row = rows[cursor.at]
    if (event.key === 'ArrowDown') cursor.move(1)
    else if (event.key === 'ArrowUp') cursor.move(-1)
    else if (event.key === 'Enter' && row !== undefined) onOpen(row)
    else return
    event.preventDefault()
  }
  const style = { '--columns': columns.map((column) => column.width).join(' '), '--rows-width': `${minWidth}px` } as CSSProperties
  return (
    <div ref={box} className="rows" role="grid" aria-label={label} aria-rowcount={(total ?? rows.length) + 1} tabIndex={0} onKeyDown={pressed}>
      <div className="rows-inner" style={{ ...style, blockSize: virtual.getTotalSize() + ROW_PX }}>
        <div className="rows-head" role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <div key={column.id} role="columnheader" className="cell">
              {column.title}
            </div>
          ))}
        </div>
        {items.map((item) => {
          const row = rows[item.index]
          if (row === undefined) return null
          const key = keyOf(row)
          const current = item.index === cursor.at || key === chosen
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={current}
              className={current ? 'row current' : 'row'}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={(event) => {
                // Links and buttons inside do their own.
                if (event.target instanceof Element && event.target.closest('a, button') !== null) return
                cursor.set(item.index)
                onOpen(row)
              }}
            >
              {columns.map((column) => (
                <div key={column.id} role="gridcell" className="cell">
                  {column.cell(row)}
                </div>
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}
