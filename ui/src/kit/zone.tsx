/** The time zone in which a screen shows times, and the clock it goes by. */

import { createContext, use, useEffect, useState } from 'react'

import type { Zone } from '../lib/zone'

const ZoneContext = createContext<Zone>('local')

export const ZoneProvider = ZoneContext.Provider

export function useZone(): Zone {
  return use(ZoneContext)
}

/** Now, told again every so many milliseconds. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
