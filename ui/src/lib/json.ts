/** JSON values from the server, narrowed where they come in. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type Row = Record<string, unknown>

/** A column of a row as text; objects and lists as JSON. */
export function text(row: Row, name: string): string | undefined {
  return asText(row[name])
}

export function asText(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return JSON.stringify(value)
}

export function number(row: Row, name: string): number | undefined {
  const value = row[name]
  return typeof value === 'number' ? value : undefined
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Columns that hold JSON come as objects, or as its text. */
export function parsedOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
