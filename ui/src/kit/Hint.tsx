/** More about something on hover. Plain `title`: thousands of them in a table cost nothing. */

import type { ReactNode } from 'react'

export function Hint({ text, children }: { text: string; children: ReactNode }) {
  return <span title={text}>{children}</span>
}
