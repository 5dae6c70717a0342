import { describe, expect, it } from 'vitest'

import { hebrewSentence } from './sentence'

const said = (row: Record<string, string>) =>
  hebrewSentence(row)
    .map((piece) => (typeof piece === 'string' ? piece : `<${piece.value}>`))
    .join('')

const eve = { actor_type: 'user', actor_email: 'eve@example.com', action: 'DELETE', target_type: 'order', target_id: '17', outcome: 'success' }

describe('an entry in Hebrew', () => {
  it.each([
    [{ ...eve, reason: 'duplicate\nmore' }, '<eve@example.com>: מחיקת <order> <17>, סיבה: <duplicate>'],
    [{ ...eve, action: 'client_updated', target_type: '' }, '<eve@example.com>: עדכון <17>'],
    [{ actor_email: 'a', action: 'client_created', target_id: '3' }, '<a>: יצירת <client> <3>'],
    [{ actor_email: 'a', action: 'LOGIN' }, '<a>: כניסה למערכת'],
    [{ ...eve, action: 'INVOICE_GENERATED', target_name: 'No. 9' }, '<eve@example.com>: <INVOICE_GENERATED> <order> <No. 9>'],
    [{ ...eve, outcome: 'failure' }, '<eve@example.com>: <DELETE> <order> <17> (כישלון)'],
    [{ ...eve, outcome: '', state: 'intent' }, '<eve@example.com>: <DELETE> <order> <17> (הוכרז בלבד)'],
    [{ action: 'DELETE', target_id: '1', actor_type: 'service', actor_id: 'billing', batch_id: 'b-1' }, 'שירות <billing>: מחיקת <1> באצווה <b-1>'],
    [{ action: 'DELETE', target_id: '1' }, 'לא ידוע מי: מחיקת <1>'],
    [{ action: 'DELETE', actor_type: 'anonymous' }, 'אלמוני: מחיקת'],
    [{ ...eve, description: 'removed it\nmore' }, '<eve@example.com>: <removed it>'],
  ])('%o', (row, sentence) => expect(said(row as Record<string, string>)).toBe(sentence))
})
