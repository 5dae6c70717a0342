/** What a job's client says of its schedule. */

import type { Row } from './json'
import { isObject, number, text } from './json'

export interface Expected {
  /** `0 3 * * *`. */
  crontab?: string
  every?: { number: number; unit: string }
  zone?: string
  /** Minutes. */
  margin?: number
  longest?: number
}

export function expectedOf(config: unknown): Expected {
  if (!isObject(config)) return {}
  const schedule: Row = isObject(config['schedule']) ? config['schedule'] : {}
  const [crontab, every, unit] = [text(schedule, 'value'), number(schedule, 'value'), text(schedule, 'unit')]
  const [zone, margin, longest] = [text(config, 'timezone'), number(config, 'checkin_margin'), number(config, 'max_runtime')]
  return {
    ...(text(schedule, 'type') === 'crontab' && crontab !== undefined ? { crontab } : {}),
    ...(every !== undefined && unit !== undefined ? { every: { number: every, unit } } : {}),
    ...(zone === undefined ? {} : { zone }),
    ...(margin === undefined ? {} : { margin }),
    ...(longest === undefined ? {} : { longest }),
  }
}
