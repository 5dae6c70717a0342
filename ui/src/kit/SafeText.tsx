/** A text from outside: in its own direction, with hidden characters shown as marks. */

import { visible } from '../lib/visible'
import { KIT } from './text'
import { useText } from './language'

interface Props {
  children: string | undefined
  /** Ids, code and times read from left to right in every language. */
  code?: boolean
  className?: string
}

export function SafeText({ children, code = false, className }: Props) {
  const texts = useText(KIT)
  if (children === undefined) return null
  const pieces = visible(children).map((piece, at) =>
    piece.mark === undefined ? (
      piece.text
    ) : (
      <span key={at} className="hidden-character" title={texts.hiddenCharacter(piece.mark)}>
        {piece.mark}
      </span>
    ),
  )
  return (
    <bdi dir={code ? 'ltr' : 'auto'} className={[code ? 'code' : '', className ?? ''].join(' ').trim() || undefined}>
      {pieces}
    </bdi>
  )
}
