/** A text from outside that may be very long: of such a one the beginning, which opens into all of it. */

import { SafeText } from '../../kit/SafeText'

/** Longer ones are folded. */
const CHARACTERS_MAX = 300
const BEGINNING = 120

export function LongText({ children, code = false }: { children: string | undefined; code?: boolean }) {
  if (children === undefined || children.length <= CHARACTERS_MAX) return <SafeText code={code}>{children}</SafeText>
  return (
    <details className="long-text">
      <summary>
        <SafeText code={code}>{`${Array.from(children.slice(0, BEGINNING * 2)).slice(0, BEGINNING).join('')}…`}</SafeText>
      </summary>
      <SafeText code={code}>{children}</SafeText>
    </details>
  )
}
