export interface PemBlock {
  label: string;
  bytes: Buffer;
}

/** Writes one block in the strict form of RFC 7468 §3: lines of 64 characters. */
export function encodePem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/**
 * Finds all blocks with one of the labels; text around them is passed over, as RFC 7468 §2 allows. So is what has no
 * end, headers (RFC 1421 encryption) or other characters than base64 inside.
 */
export function decodePem(text: string, labels: readonly string[]): PemBlock[] {
  const blocks: PemBlock[] = [];
  // No hyphen can stand in the body, so each character is looked at once, however many blocks are begun.
  for (const [, label, body] of text.matchAll(
    /-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\s]*)-----END \1-----/g,
  )) {
    const base64 = body.replace(/\s+/g, '');
    if (!labels.includes(label) || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) continue;
    blocks.push({ label, bytes: Buffer.from(base64, 'base64') });
  }
  return blocks;
}
