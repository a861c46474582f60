// DER as the phone's page writes it: a few elements, in plain octets. pki/ has the whole of it, on Node's own types.

export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** [number], constructed (X.690 §8.14). */
export function context(number: number): number {
  return 0xa0 | number;
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return element(TAG.sequence, ...parts);
}

export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatenated(parts);
  return concatenated([Uint8Array.of(tag, ...lengthOf(content.length)), content]);
}

/** A BIT STRING of whole octets. */
export function bitString(octets: Uint8Array): Uint8Array {
  return element(TAG.bitString, Uint8Array.of(0), octets);
}

/** A number that is not negative, from its octets, the highest first (X.690 §8.3). */
export function unsignedInteger(octets: Uint8Array): Uint8Array {
  const first = octets.findIndex((octet) => octet !== 0);
  const shortest = first === -1 ? Uint8Array.of(0) : octets.slice(first);
  return element(TAG.integer, ...(shortest[0] > 0x7f ? [Uint8Array.of(0)] : []), shortest);
}

/** The order of a SET OF (X.690 §11.6). */
export function byOctets(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((octet, index) => octet !== b[index]);
  return at === -1 ? a.length - b.length : a[at] - (b[at] ?? -1);
}

export function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function octetsOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));
}

/** X.690 §10.1: the shortest form. */
function lengthOf(octets: number): number[] {
  if (octets < 0x80) return [octets];
  const digits: number[] = [];
  for (let rest = octets; rest > 0; rest >>= 8) digits.unshift(rest & 0xff);
  return [0x80 | digits.length, ...digits];
}
