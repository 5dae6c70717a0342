/** What people type above a list: words to search for, and filters as `level=ERROR`, `status=>=500`, `host=!web1`. */

export interface Typed {
  words: string
  filters: [string, string][]
}

export type Read = { kind: 'read'; typed: Typed } | { kind: 'wrong'; part: string }

const NAME = /^[A-Za-z_][\w.@-]*$/

/** Parts are separated by spaces; quotes hold a part together, also behind `name=`. */
export function readQuery(text: string): Read {
  const parts = text.match(/[^\s"]*"[^"]*"|\S+/g) ?? []
  const typed: Typed = { words: '', filters: [] }
  const words: string[] = []
  for (const part of parts) {
    const at = part.startsWith('"') ? -1 : part.search(/[=<>]/)
    if (at < 0) {
      words.push(part)
      continue
    }
    const name = part.slice(0, at)
    // `status>=500` means the same as `status=>=500`.
    const value = (part[at] === '=' ? part.slice(at + 1) : part.slice(at)).replace(/"/g, '')
    if (!NAME.test(name) || value === '' || value === '!') return { kind: 'wrong', part }
    typed.filters.push([name, value])
  }
  typed.words = words.join(' ')
  return { kind: 'read', typed }
}
