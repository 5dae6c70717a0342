/** The words of the page of feedback. */

import { catalogue, plural } from '../../lib/language'

export const FEEDBACK = catalogue(
  {
    feedback: 'Feedback',
    when: 'When',
    who: 'Who',
    said: 'What they said',
    about: 'About',
    page: 'Page',
    noError: 'the application',
    errorGone: 'an error that is not kept',
    open: 'Open the error',
    rows: (shown: string, number: number) => plural('en', number, { one: '1 message', other: `${shown} messages` }),
  },
  {
    feedback: 'משוב',
    when: 'מתי',
    who: 'מי',
    said: 'מה נאמר',
    about: 'על',
    page: 'דף',
    noError: 'היישום',
    errorGone: 'שגיאה שכבר אינה נשמרת',
    open: 'פתיחת השגיאה',
    rows: (shown: string, number: number) => plural('he', number, { one: 'הודעה אחת', two: 'שתי הודעות', other: `${shown} הודעות` }),
  },
)
