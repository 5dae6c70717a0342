/** The time zone in which a screen shows times, and the clock it goes by. */

import type { ReactNode } from 'react'
import { createContext, use, useEffect, useState } from 'react'

import type { Zone } from '../lib/zone'

const ZoneContext = createContext<Zone>('local')

export const ZoneProvider = ZoneContext.Provider

export function useZone(): Zone {
  return use(ZoneContext)
}

const ActorZoneContext = createContext<Zone | undefined>(undefined)
const TellContext = createContext<(zone: Zone | undefined) => void>(() => undefined)

/** Passes on in which zone the actor was whose records are on the screen, from what shows them to what chooses zones. */
export function ActorZoneProvider({ children }: { children: ReactNode }) {
  const [told, tell] = useState<Zone>()
  return (
    <TellContext value={tell}>
      <ActorZoneContext value={told}>{children}</ActorZoneContext>
    </TellContext>
  )
}

export function useActorZone(): Zone | undefined {
  return use(ActorZoneContext)
}

/** Tells it for as long as the caller is on the screen. */
export function useTellActorZone(zone: Zone | undefined): void {
  const tell = use(TellContext)
  useEffect(() => {
    tell(zone)
    return () => tell(undefined)
  }, [tell, zone])
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
