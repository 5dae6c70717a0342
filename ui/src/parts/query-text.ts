/** What is wrong with a filter that was typed. */

import { catalogue } from '../lib/language'
import type { Fault } from '../lib/query'

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

export const QUERY = catalogue({ fault: (fault: Fault) => FAULTS_EN[fault] }, { fault: (fault: Fault) => FAULTS_HE[fault] })
