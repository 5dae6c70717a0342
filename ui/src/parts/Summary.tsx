/** A row in one line. Of an audit entry the server writes an English sentence; in Hebrew it is made from the fields. */

import { useLanguage } from '../kit/language'
import { SafeText } from '../kit/SafeText'
import type { Row } from '../lib/json'
import { hebrewSentence } from '../lib/sentence'

interface Props {
  /** Without fields nothing can be made of them. */
  row: { signal: string; summary: string; fields: Row | undefined }
}

export function Summary({ row }: Props) {
  const { signal, summary, fields } = row
  return signal === 'audit_logs' && fields !== undefined ? <Sentence row={fields} english={summary} /> : <SafeText>{summary}</SafeText>
}

/** An audit entry as a sentence. */
export function Sentence({ row, english }: { row: Row; english: string | undefined }) {
  if (useLanguage() === 'en') return <SafeText>{english}</SafeText>
  return hebrewSentence(row).map((piece, at) => (typeof piece === 'string' ? piece : <SafeText key={at}>{piece.value}</SafeText>))
}
