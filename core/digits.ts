const persianZero = 0x06f0;
const arabicIndicZero = 0x0660;
const asciiZero = 0x30;
const asciiNine = 0x39;

/** Replaces Persian (U+06F0–U+06F9) and Arabic-Indic (U+0660–U+0669) digits by ASCII ones; all else stays as it is. */
export function toAsciiDigits(text: string): string {
  return text.replace(/[\u06f0-\u06f9\u0660-\u0669]/g, (digit) => {
    const code = digit.charCodeAt(0);
    return String.fromCharCode(asciiZero + code - (code >= persianZero ? persianZero : arabicIndicZero));
  });
}

/** Replaces ASCII and Arabic-Indic digits by Persian ones, for the screen only. */
export function toPersianDigits(text: string): string {
  return toAsciiDigits(text).replace(/[0-9]/g, (digit) =>
    String.fromCharCode(persianZero + digit.charCodeAt(0) - asciiZero),
  );
}

/** True when the text is one or more ASCII digits and nothing else. */
export function isAsciiDigits(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < asciiZero || code > asciiNine) return false;
  }
  return text.length > 0;
}
