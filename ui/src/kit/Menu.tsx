/** A button that opens a list of things to do. */

import type { ReactNode } from 'react'
import { Button as AriaButton, Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components'

export interface MenuEntry {
  id: string
  label: string
  run: () => void
  /** Why it cannot be done now. */
  disabledBecause?: string | undefined
  isChosen?: boolean
}

interface Props {
  label: string
  children: ReactNode
  entries: readonly MenuEntry[]
  kind?: 'plain' | 'quiet'
}

export function Menu({ label, children, entries, kind = 'quiet' }: Props) {
  const disabled = entries.filter((entry) => entry.disabledBecause !== undefined).map((entry) => entry.id)
  return (
    <MenuTrigger>
      <AriaButton className={`button ${kind}`} aria-label={label}>
        {children}
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <AriaMenu className="options" disabledKeys={disabled} onAction={(id) => entries.find((entry) => entry.id === id)?.run()}>
          {entries.map((entry) => (
            <MenuItem key={entry.id} id={entry.id} textValue={entry.label} className={entry.isChosen === true ? 'option chosen' : 'option'}>
              <Text slot="label">{entry.label}</Text>
              {entry.disabledBecause !== undefined && <Text slot="description">{entry.disabledBecause}</Text>}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
