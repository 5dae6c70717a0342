/** Keys as they are printed on the keyboard. */

import type { Keys } from '../lib/keys'
import { caps } from '../lib/keys'

const IS_MAC = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent)

export function Keycaps({ keys }: { keys: Keys }) {
  return (
    <span className="keycaps" dir="ltr">
      {caps(keys, IS_MAC).map((cap, at) => (
        <kbd key={at}>{cap}</kbd>
      ))}
    </span>
  )
}
