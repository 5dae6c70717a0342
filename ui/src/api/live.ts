/** Live tails: server-sent events, handed over a few times a second so that a flood never blocks the page. */

import { useEffect, useRef, useState } from 'react'

export type LiveState = 'connecting' | 'open' | 'lost' | 'off'

export interface LiveOptions<T> {
  /** `undefined` closes the tail. */
  url: string | undefined
  /** Rows in the order in which they came. */
  onRows: (rows: T[]) => void
  /** Any other event, as `lagged` or `skipped`, with its data. */
  onEvent?: (name: string, data: unknown) => void
  /** Names of those other events. */
  events?: readonly string[]
}

/** Until a stream that the server refused is asked for again; lost connections come back by themselves. */
const AGAIN_MS = 5_000
/** How often rows are handed over. */
const HAND_OVER_MS = 250
/** Rows that wait between two hand-overs; older ones are dropped, since nobody reads a thousand rows a second. */
export const WAITING_ROWS_MAX = 1000

export function useLive<T>({ url, onRows, onEvent, events = ['lagged'] }: LiveOptions<T>): LiveState {
  const [state, setState] = useState<LiveState>('connecting')
  const [attempt, setAttempt] = useState(0)
  const newest = useRef({ onRows, onEvent })
  useEffect(() => {
    newest.current = { onRows, onEvent }
  })
  const names = events.join(' ')
  useEffect(() => {
    if (url === undefined) return undefined
    let waiting: T[] = []
    const source = new EventSource(url)
    source.onopen = () => setState('open')
    let again: ReturnType<typeof setTimeout> | undefined
    source.onerror = () => {
      const isClosed = source.readyState === EventSource.CLOSED
      setState(isClosed ? 'lost' : 'connecting')
      if (isClosed) again = setTimeout(() => setAttempt(attempt + 1), AGAIN_MS)
    }
    source.addEventListener('row', (event: MessageEvent<string>) => {
      waiting.push(JSON.parse(event.data) as T)
      if (waiting.length > WAITING_ROWS_MAX) waiting = waiting.slice(-WAITING_ROWS_MAX)
    })
    for (const name of names.split(' ').filter((name) => name !== '')) {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        newest.current.onEvent?.(name, JSON.parse(event.data))
      })
    }
    const timer = setInterval(() => {
      if (waiting.length === 0) return
      const rows = waiting
      waiting = []
      newest.current.onRows(rows)
    }, HAND_OVER_MS)
    return () => {
      clearInterval(timer)
      clearTimeout(again)
      source.close()
    }
  }, [url, names, attempt])
  return url === undefined ? 'off' : state
}
