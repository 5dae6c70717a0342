/** The words of sessions of releases. */

import { catalogue, plural } from '../lib/language'

export const RELEASES_SHARED = catalogue(
  {
    sound: 'without a crash',
    crashed: 'crashed',
    overTime: 'Sessions over time',
    crashFreeOf: (shown: string, sessions: number, crashed: string) => plural('en', sessions, { one: `of one session without a crash; ${crashed} crashed`, other: `of ${shown} sessions without a crash; ${crashed} crashed` }),
  },
  {
    sound: 'ללא קריסה',
    crashed: 'קרסו',
    overTime: 'ביקורים לאורך זמן',
    crashFreeOf: (shown: string, sessions: number, crashed: string) =>
      plural('he', sessions, { one: `מביקור אחד ללא קריסה; קרסו: ${crashed}`, two: `משני ביקורים ללא קריסה; קרסו: ${crashed}`, other: `מ-${shown} ביקורים ללא קריסה; קרסו: ${crashed}` }),
  },
)
