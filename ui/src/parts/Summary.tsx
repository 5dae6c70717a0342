/** A row in one line. Of an audit entry the server writes an English sentence; in Hebrew it is made from the fields. */

import { useLanguage } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import type { Row } from '../lib/json'
import { hebrewSentence } from '../lib/sentence'

interface Props {
  row: { signal: string; summary: string; fields: Row }
}

export function Summary({ row }: Props) {
  return row.signal === 'audit_logs' ? <Sentence row={row.fields} english={row.summary} /> : <SafeText>{row.summary}</SafeText>
}

/** An audit entry as a sentence. */
export function Sentence({ row, english }: { row: Row; english: string | undefined }) {
  if (useLanguage() === 'en') return <SafeText>{english}</SafeText>
  return hebrewSentence(row).map((piece, at) => (typeof piece === 'string' ? piece : <SafeText key={at}>{piece.value}</SafeText>))
}
