/**
 * The state of a screen as the text behind `?`: a name may come several times, and nothing is more than a text.
 * The same names are the parameters of the server's lists, so that a link and a request read alike.
 */

export type Search = Record<string, string[]>

export function parseSearch(text: string): Search {
  const search: Search = {}
  for (const [name, value] of new URLSearchParams(text)) {
    ;(search[name] ??= []).push(value)
  }
  return search
}

export function writeSearch(search: Search): string {
  const written = new URLSearchParams()
  for (const [name, values] of Object.entries(search)) {
    for (const value of values) written.append(name, value)
  }
  const text = written.toString()
  return text === '' ? '' : `?${text}`
}

/** The first value of a name. */
export function one(search: Search, name: string): string | undefined {
  return search[name]?.[0]
}

/** A change: a name with nothing is taken away. */
export type Patch = Record<string, string | string[] | undefined>

export function patched(search: Search, patch: Patch): Search {
  const next: Search = { ...search }
  for (const [name, value] of Object.entries(patch)) {
    const values = value === undefined ? [] : typeof value === 'string' ? [value] : value
    const full = values.filter((one) => one !== '')
    if (full.length === 0) Reflect.deleteProperty(next, name)
    else next[name] = full
  }
  return next
}

/** Adds a value to a name, or takes it away if it is there. */
export function toggled(search: Search, name: string, value: string): Search {
  const values = search[name] ?? []
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value]
  return patched(search, { [name]: next })
}

/** As `toggled`, where a value and its opposite (`!value`) never stand together. */
export function toggledOf(search: Search, name: string, value: string): string[] {
  const opposite = value.startsWith('!') ? value.slice(1) : `!${value}`
  const rest = patched(search, { [name]: (search[name] ?? []).filter((one) => one !== opposite) })
  return toggled(rest, name, value)[name] ?? []
}

/** Filters of a list: everything but what the screen itself keeps in the link. */
export function filtersOf(search: Search, own: readonly string[]): [string, string][] {
  return Object.entries(search)
    .filter(([name]) => !own.includes(name))
    .flatMap(([name, values]) => values.map((value): [string, string] => [name, value]))
}

/** Filters beside those that are in the link; several of one name are alternatives. */
export function addedFilters(search: Search, filters: readonly (readonly [string, string])[]): Patch {
  const patch: Record<string, string[]> = {}
  for (const [name, value] of filters) {
    const values = patch[name] ?? search[name] ?? []
    patch[name] = values.includes(value) ? values : [...values, value]
  }
  return patch
}

/** A value as a filter has it that means this very value, whatever signs it begins with. */
export function exactly(value: string): string {
  return /^(?:[!<>\\]|\*$)/.test(value) ? `\\${value}` : value
}
