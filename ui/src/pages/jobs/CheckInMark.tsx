/** What a check-in said, as a shape and a word. */

import type { IconName } from '../../kit/Icon'
import { Icon } from '../../kit/Icon'
import { useText } from '../../kit/language'
import { JOBS } from './text'

const CHECK_INS: Record<string, { icon: IconName; tone: string }> = {
  ok: { icon: 'check', tone: 'good' },
  error: { icon: 'error', tone: 'error' },
  in_progress: { icon: 'play', tone: 'info' },
}

export function CheckInMark({ status }: { status: string }) {
  const texts = useText(JOBS)
  const shape = CHECK_INS[status] ?? { icon: 'help', tone: 'plain' }
  return (
    <span className={`mark tone-${shape.tone}`}>
      <Icon name={shape.icon} />
      {texts.statusOf(status)}
    </span>
  )
}
