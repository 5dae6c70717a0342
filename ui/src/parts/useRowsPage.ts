/** What every page with rows binds: `j`, `k`, Enter and `/`; where rows can be selected, `x` does it. */

import { useShortcut } from '../kit/shortcuts'
import type { RowsCursor } from '../kit/Rows'
import { useText } from '../kit/language'
import { catalogue } from '../lib/language'

const KEYS = catalogue(
  { group: 'On this page', next: 'Next row', before: 'Row before', open: 'Open the row', search: 'Search', close: 'Close the row', mark: 'Select the row' },
  { group: 'בדף זה', next: 'השורה הבאה', before: 'השורה הקודמת', open: 'פתיחת השורה', search: 'חיפוש', close: 'סגירת השורה', mark: 'בחירת השורה' },
)

export const SEARCH_ID = 'page-search'

export function useRowsKeys(cursor: RowsCursor, open: () => void, close: () => void, mark?: () => void): void {
  const texts = useText(KEYS)
  useShortcut('j', texts.next, texts.group, () => cursor.move(1))
  useShortcut('k', texts.before, texts.group, () => cursor.move(-1))
  useShortcut('o', texts.open, texts.group, open)
  useShortcut('x', mark === undefined ? texts.close : texts.mark, texts.group, mark ?? close)
  useShortcut('esc', texts.close, texts.group, close)
  useShortcut('/', texts.search, texts.group, () => document.getElementById(SEARCH_ID)?.focus())
}
