/**
 * What people type above a list: words to search for, and filters as `level=ERROR`, `status>=500`, `-host=web1`.
 * Filters become the parameters of the link and of the server's lists, where `!` before a value excludes it.
 */

export interface Typed {
  words: string
  filters: [string, string][]
}

/** What is wrong with a part: it names no field, it has no value, its quote is open, it excludes a word. */
export type Fault = 'name' | 'value' | 'quote' | 'word'
export type Read = { kind: 'read'; typed: Typed } | { kind: 'wrong'; part: string; fault: Fault }

const NAME = /^[A-Za-z_][\w.@-]*$/
/** Parts are separated by spaces; quotes hold a part together, also behind `name=`. */
const PART = /(?:[^\s"]|"[^"]*"?)+/g

export function readQuery(text: string): Read {
  const typed: Typed = { words: '', filters: [] }
  const words: string[] = []
  for (const [part] of text.matchAll(PART)) {
    const fault = faultOf(part)
    if (fault !== undefined) return { kind: 'wrong', part, fault }
    const filter = filterOf(part)
    if (filter === undefined) words.push(part)
    else typed.filters.push(filter)
  }
  typed.words = words.join(' ')
  return { kind: 'read', typed }
}

interface Split {
  excluded: boolean
  name: string
  /** With its comparison (`>=500`), quotes and all. */
  value: string
}

/** A part taken apart, or `undefined` for a word. */
function split(part: string): Split | undefined {
  const at = part.startsWith('"') ? -1 : part.search(/!=|[=<>]/)
  if (at < 0) return undefined
  const excluded = part.startsWith('-')
  const rest = part.slice(at)
  const name = part.slice(excluded ? 1 : 0, at)
  if (rest.startsWith('!=')) return { excluded: !excluded, name, value: rest.slice(2) }
  // `status>=500` means the same as `status=>=500`.
  return { excluded, name, value: rest.startsWith('=') ? rest.slice(1) : rest }
}

function faultOf(part: string): Fault | undefined {
  if ((part.split('"').length - 1) % 2 === 1) return 'quote'
  const found = split(part)
  if (found === undefined) return part.startsWith('-') && part.length > 1 ? 'word' : undefined
  if (!NAME.test(found.name)) return 'name'
  return /^!?(?:[<>]=?)?(?:"\s*")?$/.test(found.value) ? 'value' : undefined
}

function filterOf(part: string): [string, string] | undefined {
  const found = split(part)
  if (found === undefined) return undefined
  const value = found.value.replace(/"/g, '')
  if (!found.excluded) return [found.name, value]
  return [found.name, value.startsWith('!') ? value.slice(1) : `!${value}`]
}

/** What is being typed where the caret stands, so that it can be completed from `from` on. */
export type Place = { kind: 'name'; from: number; typed: string } | { kind: 'value'; from: number; name: string; typed: string } | { kind: 'phrase' }

export function placeAt(text: string, caret: number): Place {
  const before = text.slice(0, caret)
  const part = /(?:[^\s"]|"[^"]*"?)*$/.exec(before)?.[0] ?? ''
  const start = caret - part.length
  const found = split(part)
  if (found === undefined) {
    const sign = part.startsWith('-') ? 1 : 0
    const typed = part.slice(sign)
    return typed === '' || NAME.test(typed) ? { kind: 'name', from: start + sign, typed } : { kind: 'phrase' }
  }
  const mark = /^!?(?:[<>]=?)?"?/.exec(found.value)?.[0] ?? ''
  // The quote is a part of what is completed: it is set anew where the value needs one.
  const kept = mark.replace('"', '').length
  return { kind: 'value', from: caret - found.value.length + kept, name: found.name, typed: found.value.slice(mark.length) }
}

/** A value as it is typed, in quotes where a space would end it; `undefined` for one that would be read as something else. */
export function writtenValue(value: string): string | undefined {
  if (value === '' || value === '*' || value.includes('"') || /^[!<>]/.test(value)) return undefined
  return /\s/.test(value) ? `"${value}"` : value
}
