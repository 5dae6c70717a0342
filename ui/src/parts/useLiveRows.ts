/** A live tail whose new rows wait while somebody reads, and how many came meanwhile. */

import { startTransition, useCallback, useReducer, useState } from 'react'

import { useLive } from '../api/live'
import type { LiveState } from '../api/live'
import { isObject, number } from '../lib/json'
import { linesAfter, noLines } from '../lib/live'
import type { Keeping, LiveEvent, Lines } from '../lib/live'

interface Options<T> {
  url: string
  /** The same object for as long as the component is there. */
  keeping: Keeping<T>
  isReading: () => boolean
  /** Rows that the stream begins with, also when it is opened again. */
  backlog?: number
  onOpened?: () => void
}

export interface LiveRows<T> {
  lines: Lines<T>
  state: LiveState
  /** Rows that the server left out, since they came too fast. */
  skipped: number
  /** The reader was too slow for some; nobody counted them. */
  lagged: boolean
  /** What waits is shown. */
  show: () => void
  clear: () => void
}

const EVENTS = ['opened', 'skipped', 'lagged']

export function useLiveRows<T>({ url, keeping, isReading, backlog = 0, onOpened }: Options<T>): LiveRows<T> {
  const reduce = (before: Lines<T>, event: LiveEvent<T>) => linesAfter(before, event, keeping)
  const [lines, tell] = useReducer(reduce, undefined, noLines<T>)
  const [skipped, setSkipped] = useState(0)
  const [lagged, setLagged] = useState(false)
  const state = useLive<T>({
    url,
    events: EVENTS,
    onRows: (rows) => {
      const event = { kind: 'came', rows, isReading: isReading() } as const
      // Drawn in pieces, between which the page answers.
      startTransition(() => tell(event))
    },
    onEvent: (name, data) => {
      if (name === 'opened') {
        tell({ kind: 'opened', backlog })
        onOpened?.()
      }
      if (name === 'lagged') setLagged(true)
      if (name === 'skipped' && isObject(data)) setSkipped((before) => before + (number(data, 'count') ?? 0))
    },
  })
  const show = useCallback(() => startTransition(() => tell({ kind: 'show' })), [])
  const clear = useCallback(() => {
    tell({ kind: 'clear' })
    setSkipped(0)
  }, [])
  return { lines, state, skipped, lagged, show, clear }
}
