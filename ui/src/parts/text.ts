/** The words of the parts that know what a record is. */

import type { Language } from '../lib/language'
import { catalogue, plural } from '../lib/language'

const rowsEn = (rows: string): string => `${rows} rows`

export const PARTS = catalogue(
  {
    signal: (name: string) =>
      ({ audit_logs: 'Audit', logs: 'Log', error_events: 'Error', session_events: 'Session', spans: 'Span' })[name] ?? name,
    severity: (name: string) => name,
    noSeverity: 'no level',
    outcome: (name: string) => ({ success: 'success', failure: 'failure', unknown: 'unknown' })[name] ?? name,
    joined: (key: string) =>
      ({
        actor: 'same actor',
        target: 'same target',
        session_id: 'same session',
        correlation_id: 'same request',
        trace_id: 'same trace',
        batch_id: 'same batch',
        time: 'same time',
      })[key] ?? key,
    guess: 'a guess: only the time fits',
    request: 'of the same request',
    asked: 'asked for',
    noDataEver: 'Nothing has come in yet',
    noDataEverBody: 'As soon as an application sends its first record it stands here.',
    noneInRange: 'Nothing in this range of time',
    noneInRangeBody: (rows: string, oldest: string, newest: string) => `There are ${rowsEn(rows)}, from ${oldest} to ${newest}.`,
    widen: 'Show the last 30 days',
    filteredOut: 'Nothing fits the filters',
    removeFilters: 'Remove all filters',
    heardFrom: 'Last heard',
    filters: 'Filters',
    remove: (what: string) => `Remove the filter ${what}`,
    only: (value: string) => `Only ${value}`,
    without: (value: string) => `Without ${value}`,
    none: 'none',
    histogram: 'Count over time',
    anonymous: 'anonymous',
    rows: (shown: string, language: Language, number: number) => `${shown} ${plural(language, number, { one: 'row', other: 'rows' })}`,
    columns: 'Fields',
    investigate: 'Investigate',
    openEntry: 'Open the entry',
  },
  {
    signal: (name: string) =>
      ({ audit_logs: 'ביקורת', logs: 'יומן', error_events: 'שגיאה', session_events: 'מסע', spans: 'מקטע' })[name] ?? name,
    severity: (name: string) => name,
    noSeverity: 'ללא רמה',
    outcome: (name: string) => ({ success: 'הצלחה', failure: 'כישלון', unknown: 'לא ידוע' })[name] ?? name,
    joined: (key: string) =>
      ({
        actor: 'אותו מבצע',
        target: 'אותו יעד',
        session_id: 'אותו ביקור',
        correlation_id: 'אותה בקשה',
        trace_id: 'אותו מעקב',
        batch_id: 'אותה אצווה',
        time: 'אותו זמן',
      })[key] ?? key,
    guess: 'ניחוש: רק הזמן תואם',
    request: 'מאותה בקשה',
    asked: 'לפי השאלה',
    noDataEver: 'עדיין לא התקבל דבר',
    noDataEverBody: 'הרשומה הראשונה שתישלח תופיע כאן מייד.',
    noneInRange: 'אין דבר בטווח הזמן הזה',
    noneInRangeBody: (rows: string, oldest: string, newest: string) => `יש ${rows} שורות, מ-${oldest} עד ${newest}.`,
    widen: 'הצגת 30 הימים האחרונים',
    filteredOut: 'אין התאמה לסינון',
    removeFilters: 'הסרת כל המסננים',
    heardFrom: 'נשמע לאחרונה',
    filters: 'מסננים',
    remove: (what: string) => `הסרת המסנן ${what}`,
    only: (value: string) => `רק ${value}`,
    without: (value: string) => `ללא ${value}`,
    none: 'ללא ערך',
    histogram: 'כמות לאורך זמן',
    anonymous: 'אנונימי',
    rows: (shown: string, language: Language, number: number) => plural(language, number, { one: 'שורה אחת', other: `${shown} שורות` }),
    columns: 'שדות',
    investigate: 'חקירה',
    openEntry: 'פתיחת הרשומה',
  },
)
