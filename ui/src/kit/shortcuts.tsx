/**
 * The one registry of keyboard shortcuts: what is bound, the sheet that lists it and the caps on buttons come from
 * here. A shortcut lives as long as the component that registers it; the newest of the same keys wins.
 */

import type { ReactNode } from 'react'
import { createContext, use, useEffect, useLayoutEffect, useRef, useState } from 'react'

import type { Keys } from '../lib/keys'
import { outcome, writtenPress } from '../lib/keys'

export interface Shortcut {
  keys: Keys
  /** What it does, for the sheet. */
  label: string
  group: string
  run: () => void
}

/** Binds a shortcut and answers with how to let it go again. */
type Add = (shortcut: Shortcut) => () => void

const AddContext = createContext<Add>(() => () => undefined)
/** Apart, so that those who only bind are not drawn again with every change. */
const AllContext = createContext<readonly Shortcut[]>([])

/** How long the second key of two may take. */
const PATIENCE_MS = 1500

export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const [all, setAll] = useState<readonly Shortcut[]>([])
  // Keys act by these, which change before anything is painted; `all` follows for what lists them.
  const known = useRef<readonly Shortcut[]>([])
  const [add] = useState((): Add => {
    const change = (next: readonly Shortcut[]) => {
      known.current = next
      setAll(next)
    }
    return (shortcut: Shortcut) => {
      change([...known.current, shortcut])
      return () => change(known.current.filter((one) => one !== shortcut))
    }
  })
  useEffect(() => {
    // When keys were pressed counts, not when a busy page got to them.
    let [before, at] = ['', 0]
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || ['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return
      const press = { key: event.key, mod: event.metaKey || event.ctrlKey, shift: event.shiftKey, alt: event.altKey }
      if ((isTyping(event.target) || isInDialog(event.target)) && !press.mod && event.key !== 'Escape') return
      const first = event.timeStamp - at > PATIENCE_MS ? '' : before
      const next = outcome(known.current, first, writtenPress(press))
      before = next.kind === 'wait' ? next.pressed : ''
      at = event.timeStamp
      if (next.kind === 'run') {
        event.preventDefault()
        next.found.run()
      }
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [])
  return (
    <AddContext value={add}>
      <AllContext value={all}>{children}</AllContext>
    </AddContext>
  )
}

/** Whether keys go into a field just now. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select')
}

/** What stands behind a dialog is out of reach. */
function isInDialog(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role=dialog], [role=alertdialog]') !== null
}

/** Binds keys for as long as the caller is on the screen. Without `run` nothing is bound. */
export function useShortcut(keys: Keys, label: string, group: string, run: (() => void) | undefined): void {
  const add = use(AddContext)
  const newest = useRef(run)
  // Before the paint: what is seen on the screen can be pressed.
  useLayoutEffect(() => {
    newest.current = run
  })
  const bound = run !== undefined
  useLayoutEffect(() => {
    if (!bound) return undefined
    return add({ keys, label, group, run: () => newest.current?.() })
  }, [add, bound, keys, label, group])
}

export function useShortcuts(): readonly Shortcut[] {
  return use(AllContext)
}
