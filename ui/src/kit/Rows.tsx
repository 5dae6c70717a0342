/**
 * Many rows in a window that scrolls: only those in sight are drawn. One row is the current one; `j` and `k` move it,
 * Enter opens it. Read out as a grid.
 */

import { useVirtualizer } from '@tanstack/react-virtual'
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react'
import { memo, useCallback, useEffect, useRef, useState } from 'react'

import { ColumnEdge } from './ColumnEdge'

export interface RowsColumn<T> {
  id: string
  title: string
  /** A CSS grid track, as `180px` or `minmax(200px, 2fr)`. */
  width: string
  /** Nobody makes it wider or narrower. */
  fixed?: boolean
  cell: (row: T) => ReactNode
}

interface Props<T> {
  label: string
  columns: readonly RowsColumn<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
  onOpen: (row: T) => void
  /** The newest rows in sight are near the end of those that are loaded. */
  onNearEnd?: (() => void) | undefined
  /** The row that stands out, by key. */
  chosen?: string | undefined
  /** All rows there are, if more than are loaded. */
  total?: number | undefined
  minWidth?: number
  /** Long texts go on in further lines instead of being cut. */
  wraps?: boolean
  /** Pixels of a row that has more than one line. */
  rowHeight?: number
  onResize?: (column: string, width: number) => void
  /** Told when somebody begins to read (scrolled down, or a row is current or chosen), and when they are back at the top. */
  onReading?: ((isReading: boolean) => void) | undefined
  cursor: RowsCursor
}

const ROW_PX = 36
const NEAR_END = 30
/** Scrolled further than this, the reader reads. */
const READING_PX = 80

/** The current row; given to the page for its keyboard shortcuts. */
export interface RowsCursor {
  at: number
  move: (step: number) => void
  set: (at: number) => void
}

export function useRowsCursor(length: number): RowsCursor {
  const [at, set] = useState(-1)
  return { at: Math.min(at, length - 1), set, move: (step) => set(Math.max(0, Math.min(length - 1, at + step))) }
}

export function Rows<T>(props: Props<T>) {
  const { label, columns, rows, keyOf, onOpen, onNearEnd, chosen, total, minWidth = 900, wraps = false, rowHeight = ROW_PX, onResize, onReading, cursor } = props
  const box = useRef<HTMLDivElement>(null)
  // The virtualizer is no plain data; nothing here is memoised by the compiler.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 12 })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - NEAR_END) onNearEnd?.()
  }, [last, rows.length, onNearEnd])
  useEffect(() => {
    if (cursor.at >= 0) virtual.scrollToIndex(cursor.at, { align: 'auto' })
    // From here on Enter is the grid's, unless something beside it has the focus.
    if (cursor.at >= 0 && document.activeElement?.contains(box.current) === true) box.current?.focus({ preventScroll: true })
    // Only a move of the cursor scrolls.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [cursor.at])
  useEffect(() => virtual.measure(), [virtual, wraps])
  const newest = useRef({ cursor, onOpen })
  useEffect(() => {
    newest.current = { cursor, onOpen }
  })
  const chosenByPress = useCallback((row: T, index: number) => {
    newest.current.cursor.set(index)
    newest.current.onOpen(row)
  }, [])
  const scrolled = useReading(cursor.at >= 0 || chosen !== undefined, onReading)
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
  const style = { '--columns': columns.map((column) => column.width).join(' '), '--rows-width': `${minWidth}px`, '--row-height': `${rowHeight}px` } as CSSProperties
  return (
    <div ref={box} className={wraps ? 'rows wraps' : 'rows'} role="grid" aria-label={label} aria-rowcount={(total ?? rows.length) + 1} tabIndex={0} onKeyDown={pressed} onScroll={scrolled}>
      <div className="rows-inner" style={{ ...style, blockSize: virtual.getTotalSize() + ROW_PX }}>
        <Head columns={columns} onResize={onResize} />
        {items.map((item) => {
          const row = rows[item.index]
          if (row === undefined) return null
          const key = keyOf(row)
          const current = item.index === cursor.at || key === chosen
          return <Line key={key} row={row} index={item.index} start={item.start} isCurrent={current} columns={columns} measure={wraps ? virtual.measureElement : undefined} onPress={chosenByPress} />
        })}
      </div>
    </div>
  )
}

interface LineProps<T> {
  row: T
  index: number
  /** Pixels from the top. */
  start: number
  isCurrent: boolean
  columns: readonly RowsColumn<T>[]
  measure: ((element: HTMLElement | null) => void) | undefined
  onPress: (row: T, index: number) => void
}

function PlainLine<T>({ row, index, start, isCurrent, columns, measure, onPress }: LineProps<T>) {
  return (
    <div
      ref={measure}
      data-index={index}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isCurrent}
      className={isCurrent ? 'row current' : 'row'}
      style={{ transform: `translateY(${start}px)` }}
      onClick={(event) => {
        // Links and buttons inside do their own, and a text that was marked is to be copied.
        if (event.target instanceof Element && event.target.closest('a, button, label') !== null) return
        if (getSelection()?.type === 'Range') return
        onPress(row, index)
      }}
    >
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className="cell">
          {column.cell(row)}
        </div>
      ))}
    </div>
  )
}

// Of some fifty lines in sight one or two change when another becomes the current one.
const Line = memo(PlainLine) as typeof PlainLine

function Head<T>({ columns, onResize }: { columns: readonly RowsColumn<T>[]; onResize: Props<T>['onResize'] }) {
  return (
    <div className="rows-head" role="row" aria-rowindex={1}>
      {columns.map((column) => (
        <div key={column.id} role="columnheader" className="cell">
          {column.title}
          {onResize !== undefined && column.fixed !== true && <ColumnEdge title={column.title} onResize={(width) => onResize(column.id, width)} />}
        </div>
      ))}
    </div>
  )
}

/** Says when reading begins and ends; the answer is what to do on scrolling. */
function useReading(looksAtRow: boolean, onReading: ((isReading: boolean) => void) | undefined) {
  const [isScrolled, setScrolled] = useState(false)
  const isReading = isScrolled || looksAtRow
  useEffect(() => onReading?.(isReading), [isReading, onReading])
  return (event: React.UIEvent<HTMLElement>) => setScrolled(event.currentTarget.scrollTop > READING_PX)
}
