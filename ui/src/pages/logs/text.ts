/** The words of the log explorer. */

import { catalogue } from '../../lib/language'
import type { Fault } from '../../lib/query'

const EN: Record<string, string> = { time: 'When', level: 'Level', service: 'Service', host: 'Host', environment: 'Environment', logger: 'Logger', release: 'Release', body: 'Message' }
const HE: Record<string, string> = { time: 'מתי', level: 'רמה', service: 'שירות', host: 'מארח', environment: 'סביבה', logger: 'כותב', release: 'גרסה', body: 'הודעה' }

const FAULTS_EN: Record<Fault, string> = {
  name: 'is no filter: before the sign stands the name of a field, as in level=ERROR. In quotes it is searched for as it stands.',
  value: 'has no value: write name=value, name>=value or -name=value.',
  quote: 'opens a quote that does not end.',
  word: 'would exclude a word; only values of fields can be excluded, as in -host=web1. In quotes it is searched for as it stands.',
}
const FAULTS_HE: Record<Fault, string> = {
  name: 'אינו מסנן: לפני הסימן עומד שם של שדה, למשל level=ERROR. במירכאות הוא יחופש כמות שהוא.',
  value: 'חסר ערך: \u2066name=value\u2069, \u2066name>=value\u2069 או \u2066-name=value\u2069.',
  quote: 'פותח מירכאות שאינן נסגרות.',
  word: 'היה מוציא מילה; אפשר להוציא רק ערכים של שדות, למשל \u2066-host=web1\u2069. במירכאות הוא יחופש כמות שהוא.',
}

export const LOGS = catalogue(
  {
    lines: 'Log lines',
    search: 'Search and filter',
    searchHint: 'level=ERROR status>=500 -host=web1 "free text"',
    column: (name: string) => EN[name] ?? name,
    fault: (fault: Fault) => FAULTS_EN[fault],
    wrap: 'Wrap long lines',
    findField: 'Find a field',
    sampled: (rows: string) => `Counted in the newest ${rows} lines.`,
    shareOf: 'Share of the lines that have it',
    asColumn: (name: string) => `${name}: show as a column`,
    noColumn: (name: string) => `${name}: hide the column`,
    line: 'Log line',
    lineGone: 'This line is not there',
    lineGoneBody: 'It may be older than what is kept, or in another project.',
    partsOfLine: 'Parts of the line',
    fields: 'Fields',
    linesAround: 'Lines around it',
    fromSource: 'Of the same source:',
    moreBefore: 'Earlier lines',
    moreAfter: 'Later lines',
    noMore: 'There are no more',
    copyJson: 'Copy as JSON',
    jsonCopied: 'The line is copied as JSON',
    around: 'What happened around it',
    sameRequest: 'Everything of this request',
    only: 'Only this value',
    without: 'Without this value',
  },
  {
    lines: 'שורות יומן',
    search: 'חיפוש וסינון',
    searchHint: 'level=ERROR status>=500 -host=web1 "טקסט חופשי"',
    column: (name: string) => HE[name] ?? name,
    fault: (fault: Fault) => FAULTS_HE[fault],
    wrap: 'גלישת שורות ארוכות',
    findField: 'חיפוש שדה',
    sampled: (rows: string) => `נספר ב-${rows} השורות החדשות.`,
    shareOf: 'חלק השורות שיש בהן',
    asColumn: (name: string) => `${name}: הצגה כעמודה`,
    noColumn: (name: string) => `${name}: הסתרת העמודה`,
    line: 'שורת יומן',
    lineGone: 'השורה הזו איננה',
    lineGoneBody: 'ייתכן שהיא ישנה ממה שנשמר, או בפרויקט אחר.',
    partsOfLine: 'חלקי השורה',
    fields: 'שדות',
    linesAround: 'שורות סביבה',
    fromSource: 'מאותו מקור:',
    moreBefore: 'שורות מוקדמות יותר',
    moreAfter: 'שורות מאוחרות יותר',
    noMore: 'אין עוד',
    copyJson: 'העתקה כ-JSON',
    jsonCopied: 'השורה הועתקה כ-JSON',
    around: 'מה קרה סביבה',
    sameRequest: 'כל מה שקרה בבקשה זו',
    only: 'רק ערך זה',
    without: 'ללא ערך זה',
  },
)
