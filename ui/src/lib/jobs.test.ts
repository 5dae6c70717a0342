import { describe, expect, it } from 'vitest'

import { expectedOf } from './jobs'
import { finePercent } from './numbers'

describe('what is expected of a job', () => {
  it('is a crontab or a distance, with what it may', () => {
    const nightly = { schedule: { type: 'crontab', value: '0 3 * * *' }, checkin_margin: 5, max_runtime: 60, timezone: 'Asia/Jerusalem' }
    expect(expectedOf(nightly)).toEqual({ crontab: '0 3 * * *', margin: 5, longest: 60, zone: 'Asia/Jerusalem' })
    expect(expectedOf({ schedule: { type: 'interval', value: 2, unit: 'hour' } })).toEqual({ every: { number: 2, unit: 'hour' } })
  })

  it('is nothing where the client said nothing', () => {
    expect([undefined, 'daily', {}, { schedule: 'daily' }].map(expectedOf)).toEqual([{}, {}, {}, {}])
  })
})

describe('a share of what went well', () => {
  it('is all of it only when nothing went wrong', () => {
    expect([1, 0.99999, 0.9996, 0.995, 0.9, 0].map(finePercent)).toEqual(['100%', '99.99%', '99.96%', '99.5%', '90%', '0%'])
  })
})
