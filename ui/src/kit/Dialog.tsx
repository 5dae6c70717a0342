/** Dialogs over a page, and drawers beside it. */

import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'

import { Button } from './Button'
import { Icon } from './Icon'
import { SafeText } from './SafeText'
import { KIT } from './text'
import { useText } from './language'

interface Props {
  title: string
  isOpen: boolean
  onClose: () => void
  children: ReactNode
  /** A drawer stands at the end of the line, as high as the window. */
  kind?: 'dialog' | 'drawer'
  width?: 'narrow' | 'wide'
  role?: 'dialog' | 'alertdialog'
}

export function Dialog({ title, isOpen, onClose, children, kind = 'dialog', width = 'narrow', role = 'dialog' }: Props) {
  const texts = useText(KIT)
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable className={`overlay ${kind}`}>
      <Modal className={`modal ${kind} ${width}`}>
        <AriaDialog role={role} className="dialog">
          <header className="dialog-head">
            <Heading slot="title">
              <SafeText>{title}</SafeText>
            </Heading>
            <Button kind="quiet" label={texts.close} onPress={onClose}>
              <Icon name="close" />
            </Button>
          </header>
          <div className="dialog-body">{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
