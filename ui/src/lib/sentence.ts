/**
 * An entry in one Hebrew sentence, as the server writes it in English: who, what, to what, and why. Nouns instead of
 * verbs, since nobody knows whether the actor is a man, a woman or a machine. Values stand apart from the words, so
 * that each is shown in its own direction and none can pass for a word of ours.
 */

import type { Row } from './json'
import { text } from './json'

/** A word of ours, or a value from outside. */
export type Piece = string | { value: string }

const DEEDS: Record<string, string> = {
  create: 'יצירת',
  created: 'יצירת',
  read: 'קריאת',
  accessed: 'קריאת',
  update: 'עדכון',
  updated: 'עדכון',
  delete: 'מחיקת',
  deleted: 'מחיקת',
  login: 'כניסה למערכת',
  logout: 'יציאה מהמערכת',
  export: 'ייצוא',
  import: 'ייבוא',
  approve: 'אישור',
  reject: 'דחיית',
  share: 'שיתוף',
  unshare: 'ביטול השיתוף של',
  restore: 'שחזור',
  backup: 'גיבוי',
  password_change: 'שינוי הסיסמה של',
  permission_change: 'שינוי ההרשאות של',
}
/** Those that stand at the end of an action's name, behind the kind of target: `client_deleted`. */
const ENDINGS = ['accessed', 'created', 'updated', 'deleted']

const KINDS: Record<string, string> = {
  service: 'שירות',
  api_key: 'מפתח API',
  database_role: 'תפקיד במסד הנתונים',
  system: 'המערכת',
  anonymous: 'אלמוני',
}

const DOUBTS: Record<string, string> = { failure: 'כישלון', unknown: 'תוצאה לא ידועה', intent: 'הוכרז בלבד' }

export function hebrewSentence(row: Row): Piece[] {
  const doubt = doubtOf(row)
  const description = text(row, 'description')
  const batch = text(row, 'batch_id')
  const reason = text(row, 'reason')
  return [
    ...actor(row),
    ': ',
    ...(description === undefined ? deed(row, doubt === undefined) : [{ value: firstLine(description) }]),
    ...(doubt === undefined ? [] : [` (${DOUBTS[doubt] ?? doubt})`]),
    ...(batch === undefined ? [] : [' באצווה ', { value: batch }]),
    ...(reason === undefined ? [] : [', סיבה: ', { value: firstLine(reason) }]),
  ]
}

/** What keeps the entry from saying that something was done. */
function doubtOf(row: Row): string | undefined {
  const outcome = text(row, 'outcome')
  if (outcome === 'failure' || outcome === 'unknown') return outcome
  return text(row, 'state') === 'intent' ? 'intent' : undefined
}

function actor(row: Row): Piece[] {
  const name = text(row, 'actor_name') ?? text(row, 'actor_email') ?? text(row, 'actor_id')
  const type = text(row, 'actor_type') ?? 'user'
  if (type === 'user') return [name === undefined ? 'לא ידוע מי' : { value: name }]
  const kind: Piece = KINDS[type] ?? { value: type.replaceAll('_', ' ') }
  return name === undefined || name === type ? [kind] : [kind, ' ', { value: name }]
}

function deed(row: Row, isDone: boolean): Piece[] {
  const action = text(row, 'action') ?? ''
  const target = text(row, 'target_name') ?? text(row, 'target_id')
  const known = isDone ? knownDeed(action) : undefined
  const kind = text(row, 'target_type') ?? known?.kind
  const parts: (Piece | undefined)[] = [known?.noun ?? { value: action }, valueOf(kind), valueOf(target)]
  return parts.filter((part) => part !== undefined).flatMap((part, at) => (at === 0 ? [part] : [' ', part]))
}

function valueOf(text: string | undefined): Piece | undefined {
  return text === undefined || text === '' ? undefined : { value: text }
}

function knownDeed(action: string): { noun: string; kind: string | undefined } | undefined {
  const lower = action.toLowerCase()
  const noun = DEEDS[lower]
  if (noun !== undefined) return { noun, kind: undefined }
  const cut = lower.lastIndexOf('_')
  const ending = lower.slice(cut + 1)
  const named = DEEDS[ending]
  return cut > 0 && named !== undefined && ENDINGS.includes(ending) ? { noun: named, kind: action.slice(0, cut) } : undefined
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
