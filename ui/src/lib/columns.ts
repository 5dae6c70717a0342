/**
 * Columns of a table as the link keeps them: `columns=time,level:120,body`, in their order, with a width in pixels
 * where somebody set one. Names of attributes may hold anything, so each is percent-encoded.
 */

export interface ColumnChoice {
  name: string
  width?: number
}

/** Narrower than this nothing can be read, nor the edge be caught again. */
export const COLUMN_PX_MIN = 56
const COLUMN_PX_MAX = 4000

/** `undefined` where the link names none. */
export function readColumns(text: string | undefined): ColumnChoice[] | undefined {
  const chosen = new Map<string, ColumnChoice>()
  for (const part of (text ?? '').split(',')) {
    const [encoded = '', width] = part.split(':')
    const name = decoded(encoded)
    if (name === '' || chosen.has(name)) continue
    const pixels = Number(width)
    chosen.set(name, pixels > 0 ? { name, width: bounded(pixels) } : { name })
  }
  return chosen.size === 0 ? undefined : [...chosen.values()]
}

/** Nothing for the usual columns at their usual widths: a short link. */
export function writeColumns(chosen: readonly ColumnChoice[], usual: readonly string[]): string | undefined {
  const text = chosen.map(({ name, width }) => encodeURIComponent(name) + (width === undefined ? '' : `:${width}`)).join(',')
  return text === usual.map(encodeURIComponent).join(',') ? undefined : text
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function bounded(pixels: number): number {
  return Math.round(Math.min(COLUMN_PX_MAX, Math.max(COLUMN_PX_MIN, pixels)))
}

/** Shown at the end, or no longer; the last one stays. */
export function toggledColumn(chosen: readonly ColumnChoice[], name: string): ColumnChoice[] {
  const without = chosen.filter((one) => one.name !== name)
  if (without.length === chosen.length) return [...chosen, { name }]
  return without.length === 0 ? [...chosen] : without
}

export function movedColumn(chosen: readonly ColumnChoice[], name: string, step: -1 | 1): ColumnChoice[] {
  const at = chosen.findIndex((one) => one.name === name)
  const [moved, other] = [chosen[at], chosen[at + step]]
  if (moved === undefined || other === undefined) return [...chosen]
  return chosen.map((one, index) => (index === at ? other : index === at + step ? moved : one))
}

export function resizedColumn(chosen: readonly ColumnChoice[], name: string, width: number): ColumnChoice[] {
  return chosen.map((one) => (one.name === name ? { name, width: bounded(width) } : one))
}
