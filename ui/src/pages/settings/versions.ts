/** Versions of the redaction setting, which holds the rules of all projects, as one project sees them. */

import type { RedactionRule, SettingVersionView } from '../../api/settings'
import { isObject } from '../../lib/json'

export interface RulesVersion extends Omit<SettingVersionView, 'before' | 'after'> {
  before: readonly RedactionRule[]
  after: readonly RedactionRule[]
}

/** Only those that changed the project's rules. */
export function versionsOfProject(versions: readonly SettingVersionView[], project: string): RulesVersion[] {
  return versions
    .map((version) => ({ ...version, before: rulesOf(version.before, project), after: rulesOf(version.after, project) }))
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
}

function rulesOf(value: unknown, project: string): RedactionRule[] {
  const rules = isObject(value) ? value[project] : undefined
  return Array.isArray(rules) ? (rules as RedactionRule[]) : []
}
