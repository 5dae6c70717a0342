/** Of one check: when the server last found it healthy, and what somebody can do about it now. */

import type { DetailedHealth } from '../../api/server'
import { useText } from '../../kit/language'
import { SafeText } from '../../kit/SafeText'
import { Ago } from '../../kit/Time'
import { HOLDINGS } from './holdings-text'

type Check = DetailedHealth['checks'][number]

export function LastSuccess({ check }: { check: Check }) {
  const texts = useText(HOLDINGS)
  return check.last_success_at === undefined ? texts.neverHealthy : <Ago value={check.last_success_at} />
}

export function WhatToDo({ check }: { check: Check }) {
  const texts = useText(HOLDINGS)
  if (check.what_to_do === undefined) return null
  return (
    <p>
      <strong>{texts.whatToDo}</strong> <SafeText>{check.what_to_do}</SafeText>
    </p>
  )
}
