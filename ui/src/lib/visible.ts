/**
 * Texts from outside, made harmless to read: control characters and those that turn the direction of what follows
 * are shown as marks instead of being obeyed, so that a name cannot forge how a row reads.
 */

export interface Piece {
  text: string
  /** The code point that stands here instead of itself, as `U+202E`. */
  mark?: string
}

// C0 and C1 controls but tab and line feed, soft hyphen, zero-width and directional characters, tags, the BOM.
const HIDDEN =
   
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu

export function visible(text: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const found of text.matchAll(HIDDEN)) {
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) })
    const code = found[0].codePointAt(0) ?? 0
    pieces.push({ text: found[0], mark: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` })
    from = found.index + found[0].length
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from) })
  return pieces
}

/** For places that hold plain text only: titles, labels. */
export function visibleText(text: string): string {
  return visible(text)
    .map((piece) => (piece.mark === undefined ? piece.text : `⟨${piece.mark}⟩`))
    .join('')
}

/** A size or a name within a sentence of the other direction, which it neither turns nor joins with its neighbours. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`
}
