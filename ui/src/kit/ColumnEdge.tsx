/** The edge of a column's head, by which the column is made wider or narrower: dragged, or with the arrow keys. */

import type { KeyboardEvent, PointerEvent } from 'react'
import { useState } from 'react'

import { useText } from './language'
import { KIT } from './text'

const STEP_PX = 16

interface Props {
  title: string
  onResize: (width: number) => void
}

export function ColumnEdge({ title, onResize }: Props) {
  const texts = useText(KIT)
  const [drag, setDrag] = useState<{ from: number; by: number } | undefined>()
  const down = (event: PointerEvent) => {
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    setDrag({ from: event.clientX, by: 0 })
  }
  const move = (event: PointerEvent) => drag !== undefined && setDrag({ from: drag.from, by: event.clientX - drag.from })
  const up = ({ currentTarget }: PointerEvent) => {
    if (drag !== undefined && drag.by !== 0) onResize(widthAt(currentTarget) + drag.by * growth(currentTarget))
    setDrag(undefined)
  }
  const pressed = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -STEP_PX, ArrowRight: STEP_PX }[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const width = widthAt(event.currentTarget) + step * growth(event.currentTarget)
    event.currentTarget.setAttribute('aria-valuenow', width.toFixed(0))
    onResize(width)
  }
  return (
    <span
      ref={tellWidth}
      className={drag === undefined ? 'column-edge' : 'column-edge dragged'}
      style={drag === undefined ? undefined : { transform: `translateX(${drag.by}px)` }}
      role="slider"
      aria-label={texts.columnWidth(title)}
      tabIndex={0}
      onFocus={(event) => tellWidth(event.currentTarget)}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => setDrag(undefined)}
      onKeyDown={pressed}
    />
  )
}

function widthAt(edge: Element): number {
  return edge.parentElement?.getBoundingClientRect().width ?? 0
}

/** Where lines begin on the right, columns grow to the left. */
function growth(edge: Element): 1 | -1 {
  return getComputedStyle(edge).direction === 'rtl' ? -1 : 1
}

/** Only the browser knows the width of a column that takes what is left; it is measured, not rendered. */
function tellWidth(edge: Element | null): void {
  edge?.setAttribute('aria-valuenow', widthAt(edge).toFixed(0))
}
