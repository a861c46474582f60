import { createHash } from 'node:crypto';

import { certificatesOf } from '../../../keys/card/card-certificates.ts';
import { keysOf } from '../../../keys/card/card-keys.ts';
import type { CardWork } from '../card-work.ts';
import { tokenResult } from './list-readers.ts';

/** What is on a card, as far as it shows without a PIN. */
export function readCard({ desk, journal }: CardWork, cardSerial: string): Promise<object> {
  return desk.withCard(cardSerial, async (card) => ({
    ...tokenResult(card.token, journal),
    keys: keysOf(card).map(({ id, label, keyType, purpose, subjectPublicKeyInfo }) => ({
      id: id.toString('hex'),
      label,
      ...(keyType && { keyType }),
      purpose,
      subjectPublicKeyInfo: subjectPublicKeyInfo.toString('base64'),
    })),
    certificates: certificatesOf(card).map(({ id, label, certificate }) => ({
      id: id.toString('hex'),
      label,
      sha256: sha256Hex(certificate.bytes),
      certificate: certificate.bytes.toString('base64'),
    })),
  }));
}

export function sha256Hex(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}
