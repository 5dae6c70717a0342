/** Retention rules as they are typed: all texts, an empty one says nothing. */

import type { RetentionRule } from '../../api/settings'

export interface Draft {
  table: string
  project: string
  days: string
  bytes: string
}

export function draftOf(rule: RetentionRule): Draft {
  return { table: rule.table ?? '', project: rule.project ?? '', days: String(rule.days ?? ''), bytes: String(rule.bytes ?? '') }
}

/** Nothing, or a whole number above 0 that JSON carries without loss. */
export function isWhole(text: string): boolean {
  const typed = text.trim()
  return typed === '' || (/^[1-9]\d*$/.test(typed) && Number.isSafeInteger(Number(typed)))
}

export function ruleOf({ table, project, days, bytes }: Draft): RetentionRule {
  return {
    ...(table === '' ? {} : { table }),
    ...(project === '' ? {} : { project }),
    ...(days.trim() === '' ? {} : { days: Number(days) }),
    ...(bytes.trim() === '' ? {} : { bytes: Number(bytes) }),
  }
}
