/**
 * An entry as a sentence in Hebrew. The server tells it in English, in the past tense; Hebrew verbs would name the
 * gender of whoever did it, so here the deed is a noun: `dana@example.com: מחיקה של order 17`. Values stand apart
 * from words, so that each keeps its own direction.
 */

import type { Row } from './json'
import { text } from './json'

export interface SentencePiece {
  kind: 'word' | 'value'
  text: string
}

/** With what leads on to the target. */
const DEEDS: Record<string, [string, string]> = {
  create: ['יצירה', 'של'],
  read: ['צפייה', 'ב־'],
  update: ['עדכון', 'של'],
  delete: ['מחיקה', 'של'],
  login: ['כניסה', 'אל'],
  logout: ['יציאה', 'מתוך'],
  export: ['ייצוא', 'של'],
  import: ['ייבוא', 'של'],
  approve: ['אישור', 'של'],
  reject: ['דחייה', 'של'],
  share: ['שיתוף', 'של'],
  unshare: ['ביטול שיתוף', 'של'],
  restore: ['שחזור', 'של'],
  backup: ['גיבוי', 'של'],
  password_change: ['שינוי סיסמה', 'של'],
  permission_change: ['שינוי הרשאות', 'של'],
}

const ENDINGS: Record<string, string> = { accessed: 'read', created: 'create', updated: 'update', deleted: 'delete' }
const DOUBTS: Record<string, string> = { failure: 'כישלון', unknown: 'התוצאה לא ידועה', intent: 'הוכרז בלבד' }

/** The noun of an action, and the kind of target that its name holds (`client_deleted`). */
function deed(action: string): { noun: string; leading: string; kind: string } | undefined {
  const known = DEEDS[action.toLowerCase()]
  if (known !== undefined) return { noun: known[0], leading: known[1], kind: '' }
  const at = action.lastIndexOf('_')
  const base = DEEDS[ENDINGS[action.slice(at + 1).toLowerCase()] ?? '']
  return at <= 0 || base === undefined ? undefined : { noun: base[0], leading: base[1], kind: action.slice(0, at) }
}

export function hebrewSentence(row: Row): SentencePiece[] {
  const pieces: SentencePiece[] = []
  const word = (said: string) => pieces.push({ kind: 'word', text: said })
  const value = (said: string) => pieces.push({ kind: 'value', text: said })
  const actor = text(row, 'actor_name') ?? text(row, 'actor_email') ?? text(row, 'actor_id')
  if (actor === undefined) word('ללא זיהוי:')
  else {
    value(actor)
    word(':')
  }
  const description = text(row, 'description')
  const action = text(row, 'action') ?? ''
  const done = deed(action)
  const target = [text(row, 'target_type') ?? done?.kind ?? '', text(row, 'target_name') ?? text(row, 'target_id') ?? ''].filter((part) => part !== '').join(' ')
  if (description !== undefined) value(firstLine(description))
  else if (done === undefined) value([action, target].filter((part) => part !== '').join(' '))
  else {
    word(target === '' ? done.noun : `${done.noun} ${done.leading}`)
    if (target !== '') value(target)
  }
  const outcome = text(row, 'outcome') ?? ''
  const doubt = DOUBTS[outcome] ?? (text(row, 'state') === 'intent' ? DOUBTS['intent'] : undefined)
  if (doubt !== undefined) word(`(${doubt})`)
  const batch = text(row, 'batch_id')
  if (batch !== undefined) {
    word('באצווה')
    value(batch)
  }
  const reason = text(row, 'reason')
  if (reason !== undefined) {
    word('· סיבה:')
    value(firstLine(reason))
  }
  return pieces
}

function firstLine(said: string): string {
  return said.split('\n', 1)[0] ?? ''
}
