// Character tests by table and code: they run on each certificate, where a regular expression costs ten times as much.

const printable = new Uint8Array(0x80);
for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?") {
  printable[letter.charCodeAt(0)] = 1;
}

/** Whether all characters are of PrintableString's alphabet (X.680 §41.4). */
export function isPrintableText(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f || printable[code] === 0) return false;
  }
  return true;
}

/** Whether all characters are visible ASCII without spaces, as in a URI (RFC 3986). */
export function isVisibleAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x21 || code > 0x7e) return false;
  }
  return true;
}

/** Whether some character is beyond ASCII. */
export function hasNonAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return true;
  return false;
}

/** Whether some character is of another script than Latin: Greek is the first block behind Latin, its accents and IPA. */
export function isBeyondLatin(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >= 0x0370) return true;
  return false;
}

/**
 * Whether the text has characters that show nothing but change how it is shown: C0 and C1 controls, bidirectional
 * marks and overrides, zero-width spaces and joiners. ZWNJ is none of them: Persian spelling needs it.
 */
export function hasInvisibleControls(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
    if (code >= 0x061c && INVISIBLE.has(code)) return true;
  }
  return false;
}

const INVISIBLE: ReadonlySet<number> = new Set([
  0x061c, 0x200b, 0x200d, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2028, 0x2029, 0x2060,
  0x2066, 0x2067, 0x2068, 0x2069, 0xfeff,
]);
