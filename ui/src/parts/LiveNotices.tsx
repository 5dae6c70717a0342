/** Above the rows of a live tail: whether it is lost, what was left out, and how much waits while somebody reads. */

import { Button } from '../kit/Button'
import { useLanguage, useText } from '../kit/language'
import { Notice } from '../kit/States'
import { count } from '../lib/numbers'
import { PARTS } from './text'
import type { LiveRows } from './useLiveRows'

export function LiveNotices<T>({ live, onShow }: { live: LiveRows<T>; onShow: () => void }) {
  const texts = useText(PARTS)
  const language = useLanguage()
  const { lines, state, lagged } = live
  return (
    <>
      {state === 'lost' && <Notice icon="warning" tone="warning" title={texts.lost} />}
      {lagged && <p className="quiet">{texts.lagged}</p>}
      <div className="live-state" role="status">
        {lines.shown.length === 0 && lines.waiting.length === 0 && <span className="quiet">{state === 'open' ? texts.waitingForRows : texts.connecting}</span>}
        {lines.waiting.length > 0 && (
          <>
            <span className="quiet">{texts.paused}</span>
            <Button kind="primary" onPress={onShow}>
              {texts.meanwhile(count(lines.meanwhile, language))}
            </Button>
          </>
        )}
      </div>
    </>
  )
}
