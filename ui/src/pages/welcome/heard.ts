/** What has come so far over the protocols of one kind of source: nothing, only what was refused, or records. */

import type { SourceView } from '../../api/server'

export type Heard =
  | { kind: 'waiting' }
  | { kind: 'refused'; refused: Refused }
  | { kind: 'arrived'; rows: number; senders: string[]; refused: Refused | undefined }

export interface Refused {
  count: number
  reasons: { code: string; count: number }[]
  last: SourceView['last_rejection']
}

/** With `keyId` only what that key sent counts: whatever else arrives says nothing about the snippet on the screen. */
export function heard(sources: readonly SourceView[], protocols: readonly string[], keyId: string | undefined): Heard {
  const asked = sources.filter((source) => protocols.includes(source.protocol) && (keyId === undefined || source.sender_id === keyId))
  const refused = refusedOf(asked)
  const arrived = asked.filter((source) => source.rows > 0)
  if (arrived.length > 0) {
    return {
      kind: 'arrived',
      rows: arrived.reduce((sum, source) => sum + source.rows, 0),
      senders: [...new Set(arrived.map((source) => source.client || source.sender))],
      refused,
    }
  }
  return refused === undefined ? { kind: 'waiting' } : { kind: 'refused', refused }
}

function refusedOf(sources: readonly SourceView[]): Refused | undefined {
  const count = sources.reduce((sum, source) => sum + source.rejected + source.requests_failed, 0)
  if (count === 0) return undefined
  const byCode = new Map<string, number>()
  for (const { code, count } of sources.flatMap((source) => source.reasons)) byCode.set(code, (byCode.get(code) ?? 0) + count)
  const reasons = [...byCode].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count)
  const lasts = sources.flatMap((source) => source.last_rejection ?? [])
  const last = lasts.reduce<SourceView['last_rejection']>((newest, one) => (newest === undefined || one.at > newest.at ? one : newest), undefined)
  return { count, reasons, last }
}
