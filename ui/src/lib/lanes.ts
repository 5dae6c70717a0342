/** Rows on lanes over time: where each stands between the first and the last. */

export interface Lane<T> {
  name: string
  /** `share`: 0 at the first row of all lanes, 1 at the last. */
  marks: { row: T; share: number }[]
}

export function placed<T>(rows: readonly T[], where: (row: T) => { lane: string; at: number }): { from: number; to: number; lanes: Lane<T>[] } {
  const times = rows.map((row) => where(row).at)
  const from = times.reduce((a, b) => Math.min(a, b), times[0] ?? 0)
  const to = times.reduce((a, b) => Math.max(a, b), times[0] ?? 0)
  const lanes = new Map<string, Lane<T>>()
  for (const row of rows) {
    const { lane: name, at } = where(row)
    const lane = lanes.get(name) ?? { name, marks: [] }
    lane.marks.push({ row, share: to === from ? 0 : (at - from) / (to - from) })
    lanes.set(name, lane)
  }
  return { from, to, lanes: [...lanes.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) }
}
