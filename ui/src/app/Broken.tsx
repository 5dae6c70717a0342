/** What stands in the place of a page that is not there, or that broke. */

import type { ErrorComponentProps } from '@tanstack/react-router'
import { Link } from '@tanstack/react-router'

import { Button } from '../kit/Button'
import { useText } from '../kit/language'
import { Notice } from '../kit/States'
import { SHELL } from './text'

export function NotFound() {
  const texts = useText(SHELL)
  return (
    <Notice icon="warning" title={texts.notFound} actions={<Link to={'/'} className="button primary">{texts.home}</Link>}>
      <p>{texts.notFoundBody}</p>
    </Notice>
  )
}

export function Broken({ error }: ErrorComponentProps) {
  const texts = useText(SHELL)
  return (
    <Notice icon="error" tone="failed" title={texts.broken} actions={<Button onPress={() => location.reload()}>{texts.reload}</Button>}>
      <p className="detail">
        <bdi dir="ltr">{error instanceof Error ? error.message : String(error)}</bdi>
      </p>
    </Notice>
  )
}
