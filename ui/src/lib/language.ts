/** Languages, and catalogues of texts. A catalogue holds every text of a page or part in all languages. */

export const LANGUAGES = ['en', 'he'] as const
export type Language = (typeof LANGUAGES)[number]
export type Direction = 'ltr' | 'rtl'

export function isLanguage(text: string | undefined): text is Language {
  return LANGUAGES.some((language) => language === text)
}

export function directionOf(language: Language): Direction {
  return language === 'he' ? 'rtl' : 'ltr'
}

/** For `Intl`: the dates and numbers of the language. */
export function localeOf(language: Language): string {
  return language === 'he' ? 'he-IL' : 'en-GB'
}

/** The language that begins a path, as in `/he/audit`. */
export function languageOfPath(path: string): Language | undefined {
  const first = path.split('/')[1]
  return isLanguage(first) ? first : undefined
}

/** The path in another language; everything behind the path stays. */
export function pathInLanguage(path: string, language: Language): string {
  const rest = languageOfPath(path) === undefined ? path : path.slice(3)
  return `/${language}${rest === '' ? '/' : rest}`
}

// Arguments are those of the first language; `never` lets any function be one of them.
type Text = string | ((...values: never[]) => string)
export type Texts = Record<string, Text>
type Translated<T extends Texts> = { [K in keyof T]: T[K] extends string ? string : T[K] }

export interface Catalogue<T extends Texts> {
  en: T
  he: Translated<T>
}

/** Both languages have the same names and the same arguments, or it does not compile. */
export function catalogue<T extends Texts>(en: T, he: Translated<T>): Catalogue<T> {
  return { en, he }
}

export function textsOf<T extends Texts>(all: Catalogue<T>, language: Language): Translated<T> {
  return language === 'en' ? (all.en as Translated<T>) : all.he
}

const RULES = { en: new Intl.PluralRules('en'), he: new Intl.PluralRules('he') }

/** One of several forms by number; `two` is asked for in Hebrew only. */
export function plural(
  language: Language,
  count: number,
  forms: { one: string; two?: string; other: string },
): string {
  const rule = RULES[language].select(count)
  if (rule === 'one') return forms.one
  if (rule === 'two' && forms.two !== undefined) return forms.two
  return forms.other
}
