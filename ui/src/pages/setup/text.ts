/** The words of the set-up page. */

import { catalogue } from '../../lib/language'

export const SET_UP = catalogue(
  {
    title: 'Welcome to Whodunit',
    intro: 'This link works once. It makes the first owner of this server.',
    email: 'Your e-mail address',
    name: 'Your name',
    password: 'A password',
    passwordHint: 'At least 12 characters. Nothing is preset; nobody else knows it.',
    create: 'Make me the owner',
    toSignIn: 'To the sign-in page',
    missing: 'The link is not whole',
    missingBody: 'Open the link exactly as the server printed it when it started, with its token.',
  },
  {
    title: 'ברוכים הבאים אל Whodunit',
    intro: 'קישור זה פועל פעם אחת ויוצר את הבעלים הראשונים של השרת.',
    email: 'כתובת דוא״ל',
    name: 'שם',
    password: 'סיסמה',
    passwordHint: 'לפחות 12 תווים. אין סיסמה קבועה מראש, והיא אינה ידועה לאיש.',
    create: 'יצירת חשבון בעלים',
    toSignIn: 'אל דף הכניסה',
    missing: 'הקישור אינו שלם',
    missingBody: 'יש לפתוח את הקישור בדיוק כפי שהשרת הדפיס בהפעלה, עם האסימון שבו.',
  },
)
