/**
 * When each check was last found healthy. The server says only how things are now, so this is what the page itself
 * has seen since it was opened.
 */

import type { DetailedHealth } from '../../api/server'

export type Check = DetailedHealth['checks'][number]
export type LastHealthy = ReadonlyMap<string, number>

export function lastHealthy(before: LastHealthy, checks: readonly Check[], at: number): LastHealthy {
  const after = new Map(before)
  for (const { name, status } of checks) {
    if (status === 'healthy') after.set(name, at)
  }
  return after
}
