/** The words of the sign-in page. */

import { catalogue } from '../../lib/language'

export const SIGN_IN = catalogue(
  {
    title: 'Sign in to Whodunit',
    email: 'E-mail address',
    password: 'Password',
    signIn: 'Sign in',
    forgotten: 'Forgotten? An owner or an admin gives out a new one.',
    wrong: 'The address or the password is wrong.',
  },
  {
    title: 'כניסה אל Whodunit',
    email: 'כתובת דוא״ל',
    password: 'סיסמה',
    signIn: 'כניסה',
    forgotten: 'נשכחה? בעלים או מנהל מנפיקים חדשה.',
    wrong: 'הכתובת או הסיסמה שגויות.',
  },
)
