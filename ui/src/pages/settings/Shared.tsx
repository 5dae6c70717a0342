/** What the tabs of the settings have in common: secrets shown once, questions for a reason. */

import type { ReactNode } from 'react'
import { useState } from 'react'

import { Button } from '../../kit/Button'
import { Copy } from '../../kit/Copy'
import { Dialog } from '../../kit/Dialog'
import { TextField } from '../../kit/Fields'
import { useText } from '../../kit/language'
import { Refusal } from '../../parts/Refusal'
import { SETTINGS } from './text'

export interface Secret {
  title: string
  value: string
}

/** A key or password that the server says only once. */
export function SecretOnce({ secret, onClose }: { secret: Secret | undefined; onClose: () => void }) {
  const texts = useText(SETTINGS)
  if (secret === undefined) return null
  return (
    <Dialog title={secret.title} isOpen onClose={onClose} role="alertdialog">
      <div className="settings-stack">
        <p>{texts.secretOnce}</p>
        <div className="settings-secret">
          <Copy value={secret.value} />
        </div>
        <Button kind="primary" onPress={onClose}>
          {texts.done}
        </Button>
      </div>
    </Dialog>
  )
}

interface AskProps {
  title: string
  body?: ReactNode
  width?: 'narrow' | 'wide'
  /** A text to change beside the reason. */
  field?: { label: string; value: string }
  confirm: string
  danger?: boolean
  error: unknown
  isPending: boolean
  onConfirm: (answer: { reason: string | undefined; value: string }) => void
  onClose: () => void
}

/** Asks once more, and for a reason that the trail keeps. */
export function AskReason({ title, body, width = 'narrow', field, confirm, danger = false, error, isPending, onConfirm, onClose }: AskProps) {
  const texts = useText(SETTINGS)
  const [reason, setReason] = useState('')
  const [value, setValue] = useState(field?.value ?? '')
  return (
    <Dialog title={title} isOpen onClose={onClose} role="alertdialog" width={width}>
      <form
        className="settings-stack"
        onSubmit={(event) => {
          event.preventDefault()
          onConfirm({ reason: reason.trim() === '' ? undefined : reason.trim(), value: value.trim() })
        }}
      >
        {body !== undefined && <div>{body}</div>}
        {field !== undefined && <TextField label={field.label} value={value} onChange={setValue} isRequired autoFocus />}
        <TextField label={texts.reason} value={reason} onChange={setReason} autoFocus={field === undefined} />
        <Refusal error={error} />
        <div className="settings-actions">
          <Button type="submit" kind={danger ? 'danger' : 'primary'} isPending={isPending}>
            {confirm}
          </Button>
          <Button onPress={onClose}>{texts.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}

/** The reason as a body takes it. */
export function withReason(reason: string | undefined): { reason?: string } {
  return reason === undefined ? {} : { reason }
}
