/** An error where the rows would be. */

import { FAILURES, told } from '../api/failure'
import { ServerError } from '../api/client'
import { Button } from '../kit/Button'
import { useText } from '../kit/language'
import { KIT } from '../kit/text'
import { Notice } from '../kit/States'

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const texts = useText(FAILURES)
  const kit = useText(KIT)
  const { title, hint, detail } = told(error, texts)
  const forbidden = error instanceof ServerError && error.status === 403
  return (
    <Notice
      icon={forbidden ? 'sealed' : 'error'}
      tone={forbidden ? 'warning' : 'failed'}
      title={title}
      actions={onRetry !== undefined && <Button onPress={onRetry}>{kit.refresh}</Button>}
    >
      {hint !== undefined && <p>{hint}</p>}
      {detail !== undefined && (
        <p className="detail">
          {texts.serverSays}: <bdi dir="ltr">{detail}</bdi>
        </p>
      )}
    </Notice>
  )
}
