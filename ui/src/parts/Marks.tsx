/** Signals, severities and outcomes as a shape and a word, so that colour is never the only sign. */

import type { IconName } from '../kit/Icon'
import { Icon } from '../kit/Icon'
import { useText } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import { PARTS } from './text'

const SHAPES: Record<string, { icon: IconName; tone: string }> = {
  TRACE: { icon: 'info', tone: 'plain' },
  DEBUG: { icon: 'info', tone: 'plain' },
  INFO: { icon: 'info', tone: 'info' },
  NOTICE: { icon: 'info', tone: 'info' },
  WARN: { icon: 'warning', tone: 'warning' },
  WARNING: { icon: 'warning', tone: 'warning' },
  ERROR: { icon: 'error', tone: 'error' },
  FATAL: { icon: 'critical', tone: 'critical' },
  CRITICAL: { icon: 'critical', tone: 'critical' },
}

export function toneOf(severity: string): string {
  return SHAPES[severity.toUpperCase()]?.tone ?? 'plain'
}

export function SeverityMark({ severity }: { severity: string | undefined }) {
  const texts = useText(PARTS)
  const shape = SHAPES[(severity ?? '').toUpperCase()] ?? { icon: 'minus', tone: 'plain' }
  return (
    <span className={`mark tone-${shape.tone}`}>
      <Icon name={shape.icon} />
      <SafeText>{severity ?? texts.noSeverity}</SafeText>
    </span>
  )
}

const OUTCOMES: Record<string, { icon: IconName; tone: string }> = {
  success: { icon: 'check', tone: 'good' },
  failure: { icon: 'error', tone: 'error' },
  unknown: { icon: 'help', tone: 'warning' },
}

export function OutcomeMark({ outcome }: { outcome: string | undefined }) {
  const texts = useText(PARTS)
  if (outcome === undefined) return null
  const shape = OUTCOMES[outcome] ?? { icon: 'help', tone: 'plain' }
  return (
    <span className={`mark tone-${shape.tone}`}>
      <Icon name={shape.icon} />
      {texts.outcome(outcome)}
    </span>
  )
}

const SIGNALS: Record<string, IconName> = { audit_logs: 'audit', logs: 'logs', error_events: 'error', session_events: 'user', spans: 'timeline' }

export function SignalMark({ signal }: { signal: string }) {
  const texts = useText(PARTS)
  return (
    <span className="mark tone-plain">
      <Icon name={SIGNALS[signal] ?? 'info'} />
      {texts.signal(signal)}
    </span>
  )
}
