/** What a person chose for this browser: theme, zone. Kept in local storage; the language is in the path. */

export type Theme = 'system' | 'light' | 'dark'
export const THEMES: readonly Theme[] = ['system', 'light', 'dark']

const THEME = 'whodunit.theme'
const LANGUAGE = 'whodunit.language'

function read(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

function write(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name)
    else localStorage.setItem(name, value)
  } catch {
    // Storage may be closed to the page; the choice then lasts until it is left.
  }
}

export function storedTheme(): Theme {
  return THEMES.find((theme) => theme === read(THEME)) ?? 'system'
}

export function applyTheme(theme: Theme): void {
  write(THEME, theme === 'system' ? null : theme)
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

export function storedLanguage(): string | undefined {
  return read(LANGUAGE) ?? undefined
}

export function storeLanguage(language: string): void {
  write(LANGUAGE, language)
}
