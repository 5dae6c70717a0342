/** Said above an answer that a limit cut: what is shown is true, but not all. */

import type { Statistics } from '../api/lists'
import { useText } from '../kit/language'
import { Notice } from '../kit/States'
import { PARTS } from './text'

export function Partial({ statistics }: { statistics: Statistics | undefined }) {
  const texts = useText(PARTS)
  if (statistics?.partial !== true) return null
  return (
    <Notice icon="warning" tone="warning" title={texts.partial}>
      <p>{texts.partialBody}</p>
      {statistics.limit !== undefined && (
        <p>
          {texts.partialLimit} <bdi dir="ltr">{statistics.limit}</bdi>
        </p>
      )}
    </Notice>
  )
}
