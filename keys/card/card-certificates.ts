import { createHash } from 'node:crypto';

import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { CKA, CKO } from '../pkcs11/constants.ts';
import { attributeOf } from '../pkcs11/token-objects.ts';
import { CardError } from './card-error.ts';
import { keysOf } from './card-keys.ts';
import { destroyAll, objectsOf } from './card-objects.ts';
import type { CardObject } from './card-objects.ts';
import { ISSUER_LABEL } from './card-purpose.ts';
import type { OpenCard, OpenToken } from './open-card.ts';

/** A certificate on a card. */
export interface CardCertificate extends CardObject {
  certificate: Certificate;
}

/** CKC_X_509. */
const X_509 = 0;
const ID_OCTETS = 8;

/** All certificates that can be read, in the card's order. */
export function certificatesOf(card: OpenToken): CardCertificate[] {
  return objectsOf(card, CKO.certificate).flatMap((object) => {
    const octets = attributeOf(card.cryptoki, card.session, object.handle, CKA.value);
    const certificate = octets && readable(octets);
    return certificate ? [{ ...object, certificate }] : [];
  });
}

/**
 * Writes a key's certificate and its issuers' on a card that is logged in to. What is there already stays, so a second call
 * completes a first that was cut; another certificate of the same key, and issuers of none, go. Throws CardError
 * `certificate-foreign` when no key of the card belongs to the leaf.
 */
export function writeCertificates(card: OpenCard, [leaf, ...chain]: readonly Certificate[]): void {
  if (!card.type.writesCertificates)
    throw new CardError('card-cannot', `cards of type ${card.type.name} take no certificates here`);
  const key = keysOf(card).find((one) => one.subjectPublicKeyInfo.equals(leaf.subjectPublicKeyInfo));
  if (!key || objectsOf(card, CKO.privateKey, { id: key.id }).length !== 1)
    throw new CardError(
      'certificate-foreign',
      `no key of card ${card.token.serial} belongs to the certificate`,
    );
  const wanted = [
    { certificate: leaf, id: key.id, label: key.label },
    ...chain.map((certificate) => ({ certificate, id: issuerId(certificate), label: ISSUER_LABEL })),
  ];
  const there = certificatesOf(card);
  const isWanted = (one: CardCertificate): boolean =>
    wanted.some(
      ({ id, certificate }) => id.equals(one.id) && certificate.bytes.equals(one.certificate.bytes),
    );
  const stale = there.filter(
    (one) => !isWanted(one) && (one.id.equals(key.id) || one.label === ISSUER_LABEL),
  );
  // First what goes: some cards have room for no more, and some refuse a second certificate of one id.
  destroyAll(card, stale);
  const missing = wanted.filter(
    ({ id, certificate }) =>
      !there.some((one) => id.equals(one.id) && certificate.bytes.equals(one.certificate.bytes)),
  );
  for (const one of missing) create(card, one);
}

function create(
  { cryptoki, session }: OpenCard,
  { certificate, id, label }: { certificate: Certificate; id: Buffer; label: string },
): void {
  cryptoki.C_CreateObject(session, [
    { type: CKA.class, value: CKO.certificate },
    { type: CKA.token, value: true },
    { type: CKA.private, value: false },
    { type: CKA.certificateType, value: X_509 },
    { type: CKA.label, value: label },
    { type: CKA.id, value: id },
    { type: CKA.subject, value: certificate.subject.bytes },
    { type: CKA.value, value: certificate.bytes },
  ]);
}

/** An issuer has no key on the card; its id only has to be its own. */
function issuerId({ bytes }: Certificate): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, ID_OCTETS);
}

/** What another program put there, or a pulled card left half-written, is no certificate of ours. */
function readable(octets: Buffer): Certificate | undefined {
  try {
    return parseCertificate(octets);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
