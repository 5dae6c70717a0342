/** The words of adding rows to a case. */

import { catalogue, plural } from '../lib/language'

export const ADD_TO_CASE = catalogue(
  {
    group: 'On this page',
    add: 'Add to case',
    column: 'Case',
    title: (rows: number) => plural('en', rows, { one: 'Add to a case', other: `Add ${rows} rows to a case` }),
    which: 'Case',
    another: 'A new case',
    name: 'Name of the new case',
    note: 'Note',
    noteHint: 'What it shows, or why it matters. It can be left empty.',
    confirm: 'Add',
    cancel: 'Cancel',
    nameMissing: 'A new case needs a name.',
    added: (name: string, added: number, present: number) =>
      added === 0
        ? `“${name}” had it already.`
        : `Added ${plural('en', added, { one: 'one row', other: `${added} rows` })} to “${name}”${present === 0 ? '.' : `; it had ${present} already.`}`,
    open: 'Open the case',
    notAllowed: 'Auditors and viewers read cases. Members, admins and owners fill them.',
  },
  {
    group: 'בדף זה',
    add: 'הוספה לתיק',
    column: 'תיק',
    title: (rows: number) => plural('he', rows, { one: 'הוספה לתיק', other: `הוספת ${rows} שורות לתיק` }),
    which: 'תיק',
    another: 'תיק חדש',
    name: 'שם התיק החדש',
    note: 'הערה',
    noteHint: 'מה זה מראה, או מדוע זה חשוב. אפשר להשאיר ריק.',
    confirm: 'הוספה',
    cancel: 'ביטול',
    nameMissing: 'לתיק חדש דרוש שם.',
    added: (name: string, added: number, present: number) =>
      added === 0
        ? `כבר נמצא בתיק „${name}”.`
        : `${plural('he', added, { one: 'שורה אחת נוספה', two: 'שתי שורות נוספו', other: `${added} שורות נוספו` })} לתיק „${name}”${present === 0 ? '.' : `; ${present} כבר היו בו.`}`,
    open: 'פתיחת התיק',
    notAllowed: 'בתפקידי ביקורת וצפייה התיקים לקריאה בלבד. בתפקידי חברות, ניהול ובעלות אפשר למלא אותם.',
  },
)
