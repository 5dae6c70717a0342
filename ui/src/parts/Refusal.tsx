/** Why a change did not work, beside the button that asked for it. */

import { FAILURES, told } from '../api/failure'
import { useText } from '../kit/language'

export function Refusal({ error }: { error: unknown }) {
  const texts = useText(FAILURES)
  if (error === null || error === undefined) return null
  const { title, detail } = told(error, texts)
  return (
    <p className="field-error" role="alert">
      {title} <bdi dir="ltr">{detail}</bdi>
    </p>
  )
}
