/** Keyboard shortcuts: how they are written, and which one a series of key presses is. */

/** `k`, `shift+k`, `mod+k`, or two after one another: `g a`. `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export type Keys = string

export interface Press {
  key: string
  mod: boolean
  shift: boolean
  alt: boolean
}

const NAMED: Record<string, string> = { Escape: 'esc', Enter: 'enter', ArrowDown: 'down', ArrowUp: 'up', ' ': 'space' }

/** One press as it is written in `Keys`. A character that needs shift on some keyboards counts as itself (`?`). */
export function writtenPress(press: Press): string {
  const name = NAMED[press.key] ?? press.key.toLowerCase()
  const isLetter = /^[a-z]$/i.test(press.key)
  const parts = [press.mod ? 'mod' : '', press.alt ? 'alt' : '', press.shift && (isLetter || name.length > 1) ? 'shift' : '']
  return [...parts.filter((part) => part !== ''), name].join('+')
}

/** What a press does, after those before it. */
export type Outcome<T> = { kind: 'run'; found: T } | { kind: 'wait'; pressed: string } | { kind: 'nothing' }

export function outcome<T extends { keys: Keys }>(known: readonly T[], before: string, press: string): Outcome<T> {
  const whole = before === '' ? press : `${before} ${press}`
  // The newest one wins, as a dialog's does over its page's.
  const found = known.findLast((one) => one.keys === whole)
  if (found !== undefined) return { kind: 'run', found }
  if (known.some((one) => one.keys.startsWith(`${whole} `))) return { kind: 'wait', pressed: whole }
  return before === '' ? { kind: 'nothing' } : outcome(known, '', press)
}

/** Caps as people see them: `⌘K`, `g` then `a`. */
export function caps(keys: Keys, isMac: boolean): string[] {
  return keys.split(' ').map((press) =>
    press
      .split('+')
      .map((part) => cap(part, isMac))
      .join(isMac ? '' : '+'),
  )
}

function cap(part: string, isMac: boolean): string {
  switch (part) {
    case 'mod':
      return isMac ? '⌘' : 'Ctrl'
    case 'shift':
      return isMac ? '⇧' : 'Shift'
    case 'alt':
      return isMac ? '⌥' : 'Alt'
    case 'esc':
      return 'Esc'
    case 'enter':
      return 'Enter'
    case 'down':
      return '↓'
    case 'up':
      return '↑'
    default:
      return part.length === 1 && /[a-z]/.test(part) ? part.toUpperCase() : part
  }
}
