/** Classes of octets (ISO 32000-1 §7.2.2): what separates, what delimits, and all others. */
export const REGULAR = 0;
export const WHITE_SPACE = 1;
const DELIMITER = 2;

const classes = new Uint8Array(256);
for (const octet of [0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]) classes[octet] = WHITE_SPACE;
for (const octet of Buffer.from('()<>[]{}/%', 'latin1')) classes[octet] = DELIMITER;

export function classOf(octet: number): number {
  return classes[octet];
}

export function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}

/** Value of a hexadecimal digit, or -1. */
export function hexadecimalDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const lower = octet | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
