/** An id or hash that is copied by a click. */

import { useState } from 'react'

import { KIT } from './text'
import { useText } from './language'
import { SafeText } from './SafeText'

interface Props {
  value: string
  /** What is shown instead of the whole value. */
  short?: string
  label?: string
}

export function Copy({ value, short, label }: Props) {
  const texts = useText(KIT)
  const [copied, setCopied] = useState(false)
  const copy = () => {
    void copyText(value).then(() => {
      setCopied(true)
      setTimeout(() => setCopied(false), 1500)
    })
  }
  // What is seen is a part of the name: whoever speaks to the machine says what stands there.
  const name = [texts.copy, label ?? '', short ?? value].filter((part) => part !== '').join(': ')
  return (
    // The browser's own button: an open line has dozens of them.
    <button type="button" className="copy" onClick={copy} aria-label={name}>
      <SafeText code>{short ?? value}</SafeText>
      <span className="copy-state" aria-live="polite">
        {copied ? texts.copied : ''}
      </span>
    </button>
  )
}

/** Also where the page is not served over HTTPS, which the clipboard of browsers asks for. */
export async function copyText(value: string): Promise<void> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(value)
    return
  }
  const area = document.createElement('textarea')
  area.value = value
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  // The only way without a secure context, deprecated as it is.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  document.execCommand('copy')
  area.remove()
}
