/** A request as a line for a shell, for whoever wants the same rows in a terminal. */

/** In single quotes nothing means anything but the quote itself. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** The key is left to a variable: a copied line ends up in chats and in histories. */
export function curlLine(url: string): string {
  return `curl -sS -H "Authorization: Bearer $WHODUNIT_KEY" ${quoted(url)}`
}
