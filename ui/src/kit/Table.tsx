/** A table that scrolls sideways within itself where the screen is narrow. */

import type { ReactNode } from 'react'

interface Props {
  label: string
  heads: readonly string[]
  /** Rows. */
  children: ReactNode
}

export function Table({ label, heads, children }: Props) {
  return (
    <div className="scrolled" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
