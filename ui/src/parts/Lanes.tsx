/** When things happened, one lane per signal. Time runs from left to right in every language; the rows below say it all. */

import type { TimelineRow } from '../api/lists'
import { useLanguage, useText } from '../kit/language'
import { useZone } from '../kit/zone'
import { clock, millis } from '../lib/instant'
import { placed } from '../lib/lanes'
import { count } from '../lib/numbers'
import { SignalMark } from './Marks'
import { PARTS } from './text'

interface Props {
  rows: readonly TimelineRow[]
  /** Key of the row that is open. */
  open: string | undefined
  keyOf: (row: TimelineRow) => string
  onOpen: (key: string) => void
}

export function Lanes({ rows, open, keyOf, onOpen }: Props) {
  const texts = useText(PARTS)
  const language = useLanguage()
  const zone = useZone()
  const { from, to, lanes } = placed(rows, (row) => ({ lane: row.signal, at: millis(row.time) }))
  if (rows.length < 2) return null
  return (
    <figure className="lanes card" aria-label={texts.lanes}>
      {lanes.map(({ name, marks }) => (
        <div key={name} className="lane">
          <SignalMark signal={name} />
          <svg className={`lane-marks lane-${name}`} role="img" aria-label={texts.inLane(texts.signal(name), count(marks.length, language))}>
            {marks.map(({ row, share }, at) => {
              const key = keyOf(row)
              return (
                <rect key={`${key} ${at}`} className={key === open ? 'lane-mark open' : 'lane-mark'} x={`${share * 99.4}%`} y="2" width="4" height="18" rx="1" onClick={() => onOpen(key)}>
                  <title>{clock(millis(row.time), zone, 'millisecond')}</title>
                </rect>
              )
            })}
          </svg>
        </div>
      ))}
      <figcaption className="lane-ends quiet" dir="ltr">
        <span>{clock(from, zone)}</span>
        <span>{clock(to, zone)}</span>
      </figcaption>
    </figure>
  )
}
