/** One field for everything: pages, what the present page can do, and ids that are pasted. */

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Autocomplete, Dialog, Input, Menu, MenuItem, Modal, ModalOverlay, SearchField, Text, useFilter } from 'react-aria-components'

import { Keycaps } from '../kit/Keycaps'
import { useText } from '../kit/language'
import { useShortcuts } from '../kit/shortcuts'
import type { Search } from '../lib/search'
import { SHELL } from './text'

interface Command {
  id: string
  label: string
  keys?: string
  run: () => void
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const TRACE_ID = /^[0-9a-f]{32}$/i

export function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const texts = useText(SHELL)
  const [typed, setTyped] = useState('')
  const commands = useCommands(typed.trim())
  const { contains } = useFilter({ sensitivity: 'base' })
  const close = () => {
    setTyped('')
    onClose()
  }
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && close()} isDismissable className="overlay dialog">
      <Modal className="modal dialog palette">
        <Dialog aria-label={texts.palette}>
          <Autocomplete inputValue={typed} onInputChange={setTyped} filter={(text, input) => text.startsWith('id:') || contains(text, input)}>
            <SearchField aria-label={texts.palette} autoFocus className="field">
              <Input
                ref={focusSoon}
                className="input"
                placeholder={texts.paletteHint}
                dir="auto"
              />
            </SearchField>
            <Menu
              className="options"
              items={commands}
              aria-label={texts.palette}
              renderEmptyState={() => <p className="quiet">{texts.nothingFits}</p>}
              onAction={(id) => {
                close()
                commands.find((command) => command.id === id)?.run()
              }}
            >
              {(command) => (
                <MenuItem id={command.id} className="option" textValue={command.id.startsWith('id:') ? command.id : command.label}>
                  <Text slot="label">{command.label}</Text>
                  {command.keys !== undefined && <Keycaps keys={command.keys} />}
                </MenuItem>
              )}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

/** The dialog takes the focus for itself when it opens; what is typed belongs into the field. */
function focusSoon(input: HTMLInputElement | null): void {
  if (input !== null) requestAnimationFrame(() => input.focus())
}

function useCommands(typed: string): Command[] {
  const texts = useText(SHELL)
  const navigate = useNavigate()
  const shortcuts = useShortcuts()
  const go = (to: string, search: Search) => () => void navigate({ to, search } as never)
  const pasted: Command[] = []
  if (UUID.test(typed)) pasted.push({ id: 'id:entry', label: texts.openEntry(typed), run: go(`/audit/${typed}`, {}) })
  if (TRACE_ID.test(typed)) pasted.push({ id: 'id:trace', label: texts.investigate(typed), run: go('/timeline', { trace_id: [typed] }) })
  else if (typed.length >= 4) pasted.push({ id: 'id:correlation', label: texts.investigate(typed), run: go('/timeline', { correlation_id: [typed] }) })
  const bound = shortcuts.map((shortcut): Command => ({ id: shortcut.keys, label: shortcut.label, keys: shortcut.keys, run: shortcut.run }))
  return [...bound, ...pasted]
}
