/** An instant: to the millisecond in the zone of the screen, everything that is known of it on hover. */

import { clock, fullPrecision, millis, offsetText, timeOfDay, ago } from '../lib/instant'
import type { Precision } from '../lib/instant'
import type { Zone } from '../lib/zone'
import { useZone, useNow } from './zone'
import { useLanguage } from './language'
import { Hint } from './Hint'

interface Props {
  value: string
  precision?: Precision
  /** Without the day, for rows below a heading that has it. */
  timeOnly?: boolean
  withZone?: boolean
  zone?: Zone
}

export function Time({ value, precision = 'second', timeOnly = false, withZone = false, zone: own }: Props) {
  const shared = useZone()
  const zone = own ?? shared
  const at = millis(value)
  if (Number.isNaN(at)) return <bdi dir="ltr">{value}</bdi>
  const shown = timeOnly ? timeOfDay(at, zone, precision) : clock(at, zone, precision)
  return (
    <Hint text={fullPrecision(value, zone)}>
      <time dateTime={value} dir="ltr" className="time">
        {shown}
        {withZone && <span className="time-zone"> {offsetText(at, zone)}</span>}
      </time>
    </Hint>
  )
}

/** `3 minutes ago`, with the instant on hover. */
export function Ago({ value }: { value: string }) {
  const now = useNow(10_000)
  const zone = useZone()
  const language = useLanguage()
  const at = millis(value)
  if (Number.isNaN(at)) return null
  return (
    <Hint text={fullPrecision(value, zone)}>
      <time dateTime={value} className="time">
        {ago(at, now, language)}
      </time>
    </Hint>
  )
}
