/** Buttons, one look each for what matters most, for the rest, and for what destroys. */

import type { ReactNode } from 'react'
import { Button as AriaButton, Tooltip, TooltipTrigger } from 'react-aria-components'

import { Keycaps } from './Keycaps'
import type { Keys } from '../lib/keys'

interface Props {
  children: ReactNode
  onPress?: () => void
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  type?: 'button' | 'submit'
  /** Why it cannot be pressed now; disabled with a reason beats hidden. */
  disabledBecause?: string | undefined
  label?: string
  keys?: Keys
  pressed?: boolean
  isPending?: boolean
}

export function Button({ children, onPress, kind = 'plain', type = 'button', disabledBecause, label, keys, pressed, isPending = false }: Props) {
  const disabled = disabledBecause !== undefined
  // Neither pressed nor submitted a second time, but the focus stays where it is.
  const idle = disabled || isPending
  const button = (
    <AriaButton
      className={`button ${kind}`}
      type={isPending ? 'button' : type}
      {...(onPress === undefined || idle ? {} : { onPress })}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      {...(idle ? { 'aria-disabled': true } : {})}
      data-disabled={disabled || undefined}
      data-pending={isPending || undefined}
    >
      {children}
      {keys !== undefined && <Keycaps keys={keys} />}
    </AriaButton>
  )
  const hint = disabledBecause ?? (label !== undefined && typeof children !== 'string' ? label : undefined)
  if (hint === undefined) return button
  return (
    <TooltipTrigger delay={300}>
      {button}
      <Tooltip className="tooltip">{hint}</Tooltip>
    </TooltipTrigger>
  )
}

interface SmallProps {
  label: string
  onPress: () => void
  children: ReactNode
}

/** A button of which a table has dozens: the browser's own, with its own hint. */
export function SmallButton({ label, onPress, children }: SmallProps) {
  return (
    <button type="button" className="button quiet" aria-label={label} title={label} onClick={onPress}>
      {children}
    </button>
  )
}
