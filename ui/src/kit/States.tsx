/** What stands where rows would be: loading, failed, or nothing, and why. */

import type { ReactNode } from 'react'

import { Icon } from './Icon'
import type { IconName } from './Icon'
import { KIT } from './text'
import { useText } from './language'

export function Loading({ lines = 6 }: { lines?: number }) {
  const texts = useText(KIT)
  return (
    <div className="loading" role="status" aria-label={texts.loading}>
      {Array.from({ length: lines }, (_, at) => (
        <div key={at} className="loading-line" />
      ))}
    </div>
  )
}

interface NoticeProps {
  icon?: IconName
  title: string
  children?: ReactNode
  /** The way on. */
  actions?: ReactNode
  tone?: 'plain' | 'warning' | 'failed'
}

export function Notice({ icon = 'info', title, children, actions, tone = 'plain' }: NoticeProps) {
  return (
    <section className={`notice ${tone}`} role={tone === 'failed' ? 'alert' : 'status'}>
      <Icon name={icon} />
      <div>
        <h2>{title}</h2>
        {children !== undefined && <div className="notice-body">{children}</div>}
        {actions !== undefined && <div className="actions">{actions}</div>}
      </div>
    </section>
  )
}
