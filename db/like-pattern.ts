/** A LIKE pattern that finds the text anywhere, with the text's own wildcards taken literally. */
export function likePart(text: string): string {
  return `%${likePrefix(text)}`;
}

/** The same where the text begins. */
export function likePrefix(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`;
}
