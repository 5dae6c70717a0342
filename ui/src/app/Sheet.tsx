/** The list of keyboard shortcuts, as they are bound just now. */

import { Dialog } from '../kit/Dialog'
import { Keycaps } from '../kit/Keycaps'
import { useText } from '../kit/language'
import { useShortcuts } from '../kit/shortcuts'
import { SHELL } from './text'

export function Sheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const texts = useText(SHELL)
  const all = useShortcuts()
  const groups = [...new Set(all.map((shortcut) => shortcut.group))]
  return (
    <Dialog title={texts.sheet} isOpen={isOpen} onClose={onClose}>
      {groups.map((group) => (
        <section key={group} className="sheet-group">
          <h3>{group}</h3>
          <dl>
            {all
              .filter((shortcut) => shortcut.group === group)
              .map((shortcut) => (
                <div key={shortcut.keys}>
                  <dt>
                    <Keycaps keys={shortcut.keys} />
                  </dt>
                  <dd>{shortcut.label}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
