/** The language of the pages, and its texts. */

import { createContext, use } from 'react'

import type { Catalogue, Language, Texts } from '../lib/language'
import { textsOf } from '../lib/language'

const LanguageContext = createContext<Language>('en')

export const LanguageProvider = LanguageContext.Provider

export function useLanguage(): Language {
  return use(LanguageContext)
}

/** The texts of a catalogue in the language of the page. */
export function useText<T extends Texts>(all: Catalogue<T>): T {
  // Both languages have the same names and arguments: `Catalogue` sees to it.
  return textsOf(all, useLanguage()) as T
}
