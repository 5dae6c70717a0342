/** Errors in the words of the person who reads them: what happened, what it means, what to do next. */

import { catalogue } from '../lib/language'
import { ServerError } from './client'

export const FAILURES = catalogue(
  {
    unreachable: 'The server cannot be reached',
    unreachableHint: 'Look whether it runs and whether the network is there; the page tries again by itself.',
    forbidden: 'You may not see this',
    forbiddenHint: 'Your role does not allow it. An owner or an admin can change it: whodunit admin users update.',
    signedOut: 'You are signed out',
    signedOutHint: 'Sign in again; the link brings you back here.',
    notFound: 'There is no such thing',
    notFoundHint: 'It may be older than what is kept, or in another project.',
    invalid: 'The question cannot be read',
    busy: 'The server is busy',
    busyHint: 'It takes no more questions just now. Try again in a few seconds.',
    timeout: 'The question took too long',
    timeoutHint: 'Ask for a shorter range of time or add a filter.',
    failed: 'This did not work',
    serverSays: 'The server says',
  },
  {
    unreachable: 'אין קשר לשרת',
    unreachableHint: 'כדאי לבדוק שהשרת פועל ושהרשת תקינה; הדף מנסה שוב מעצמו.',
    forbidden: 'אין הרשאה לצפייה כאן',
    forbiddenHint: 'התפקיד אינו מאפשר זאת. בעלים או מנהל יכולים לשנות אותו: whodunit admin users update.',
    signedOut: 'אין כניסה פעילה',
    signedOutHint: 'לאחר כניסה מחדש הקישור מחזיר לכאן.',
    notFound: 'אין כזה',
    notFoundHint: 'ייתכן שהוא ישן ממה שנשמר, או בפרויקט אחר.',
    invalid: 'לא ניתן להבין את השאילתה',
    busy: 'השרת עמוס',
    busyHint: 'אינו מקבל שאילתות כרגע. אפשר לנסות שוב בעוד שניות אחדות.',
    timeout: 'השאילתה ארכה זמן רב מדי',
    timeoutHint: 'כדאי לבקש טווח זמן קצר יותר או להוסיף סינון.',
    failed: 'הפעולה לא הצליחה',
    serverSays: 'תשובת השרת',
  },
)

type FailureTexts = (typeof FAILURES)['en']

export interface Told {
  title: string
  hint?: string
  /** In the server's own words. */
  detail?: string
}

export function told(error: unknown, texts: FailureTexts): Told {
  if (!(error instanceof ServerError)) {
    return { title: texts.failed, detail: error instanceof Error ? error.message : String(error) }
  }
  const detail = [error.message, error.hint ?? ''].filter((part) => part !== '').join('. ')
  switch (true) {
    case error.kind === 'unreachable':
      return { title: texts.unreachable, hint: texts.unreachableHint }
    case error.status === 401:
      return { title: texts.signedOut, hint: texts.signedOutHint }
    case error.status === 403:
      return { title: texts.forbidden, hint: texts.forbiddenHint, detail }
    case error.status === 404:
      return { title: texts.notFound, hint: texts.notFoundHint, detail }
    case error.status === 429:
      return { title: texts.busy, hint: texts.busyHint, detail }
    case error.kind === 'timeout':
      return { title: texts.timeout, hint: texts.timeoutHint, detail }
    case error.status === 400:
      return { title: texts.invalid, detail }
    default:
      return { title: texts.failed, detail }
  }
}
