/** Counts and sizes with their units. */

import type { Language } from './language'
import { localeOf } from './language'

export function count(value: number, language: Language): string {
  return new Intl.NumberFormat(localeOf(language)).format(value)
}

/** `1.2K`, `3.4M`. */
export function shortCount(value: number, language: Language): string {
  return new Intl.NumberFormat(localeOf(language), { notation: 'compact', maximumFractionDigits: 1 }).format(value)
}

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Powers of 1000. */
export function bytes(value: number): string {
  let size = value
  let unit = 0
  while (size >= 999.5 && unit < SIZES.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${unit === 0 || size >= 100 ? size.toFixed(0) : size.toFixed(1)} ${SIZES[unit] ?? ''}`
}

export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '<0.1%'
  return `${(share * 100).toFixed(share < 0.1 && share > 0 ? 1 : 0)}%`
}

/** A share of what went well, to two digits: never all while something did not. */
export function finePercent(share: number): string {
  const hundredths = Math.floor(Math.round(share * 1e6) / 100)
  return `${hundredths / 100}%`
}
