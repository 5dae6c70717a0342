import { describe, expect, it } from 'vitest'

import { lastHealthy } from './lastHealthy'

const check = (name: string, status: string) => ({ name, status, message: '', response_time_ms: 1 })

describe('when a check was last healthy', () => {
  it('stays known while it is not', () => {
    const first = lastHealthy(new Map(), [check('disk', 'healthy'), check('memory', 'degraded')], 1)
    const second = lastHealthy(first, [check('disk', 'unhealthy'), check('memory', 'healthy')], 2)
    expect([...second]).toEqual([['disk', 1], ['memory', 2]])
    expect([...first]).toEqual([['disk', 1]])
  })
})
