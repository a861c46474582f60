import type { AuthorityRecord, ResponderRecord } from '../../ca/authority/authority-store.ts';
import type { ServiceUnitRecord } from '../../ca/authority/service-unit-store.ts';
import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import { assertSignerMatches } from '../../keys/prove-possession.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { KeyStore } from '../key-store.ts';
import type { Examiner } from './diagnosis.ts';
import { keyAdvice } from './key-advice.ts';

/** A certificate of the deployment itself, with where its key is. */
export interface OwnKey {
  name: string;
  kind: 'authority' | 'responder' | 'unit';
  /** DER. */
  certificate: Buffer;
  /** Absent: offline, or on a node. */
  keyReference?: string;
}

export function ownKeys(
  authorities: readonly AuthorityRecord[],
  responders: readonly ResponderRecord[],
  units: readonly ServiceUnitRecord[],
): OwnKey[] {
  return [
    ...authorities.map(({ id, certificate, keyReference }) => ({
      name: `authority ${id}`,
      kind: 'authority' as const,
      certificate,
      ...(keyReference !== undefined && { keyReference }),
    })),
    // The newest of each authority: older ones end by themselves.
    ...newestOf(responders, ({ authorityId }) => authorityId).map(
      ({ authorityId, certificate, keyReference }) => ({
        name: `OCSP responder of ${authorityId}`,
        kind: 'responder' as const,
        certificate,
        keyReference,
      }),
    ),
    ...newestOf(units, ({ purpose }) => purpose).map(({ purpose, certificate, keyReference }) => ({
      name: `unit for ${purpose}`,
      kind: 'unit' as const,
      certificate,
      keyReference,
    })),
  ];
}

/** Each key is there, opens, and is the one of its certificate. */
export async function checkKeys(own: readonly OwnKey[], keys: KeyStore, examiner: Examiner): Promise<void> {
  let right = 0;
  for (const { name, certificate, keyReference } of own) {
    if (keyReference === undefined) continue;
    try {
      const signer = await keys.openSigner(keyReference);
      await assertSignerMatches(signer, parseCertificate(certificate).subjectPublicKeyInfo);
      right += 1;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      examiner.fail(
        `the key of the ${name} cannot be used: ${error.detail} [${error.code}]`,
        keyAdvice(
          String(error.code),
          'put its file or token back (docs/CEREMONY.md says where copies are); nothing is signed with it meanwhile',
        ),
      );
    }
  }
  examiner.ok(`${right} keys open, and match their certificates`);
}

const DAY_MILLISECONDS = 86_400_000;
/** So long before its end something has to be done, or should have happened by itself. */
const DAYS_AHEAD: Record<OwnKey['kind'], number> = { authority: 400, responder: 14, unit: 14 };
const ADVICE: Record<OwnKey['kind'], string> = {
  authority: 'plan the ceremony of its successor (docs/CEREMONY.md); nothing is issued that would outlive it',
  responder:
    "it is renewed a month ahead by the service: the log says why it was not ('responder rollover failed')",
  unit: 'it is renewed with the next time stamp: the log says why it was not',
};

/** When our own certificates end. */
export function checkExpiries(own: readonly OwnKey[], clock: Clock, examiner: Examiner): void {
  for (const { name, kind, certificate } of own) {
    const { notAfter } = parseCertificate(certificate);
    const days = Math.floor((notAfter.getTime() - clock.now().getTime()) / DAY_MILLISECONDS);
    const finding = `the ${name} ends in ${days} days, at ${notAfter.toISOString()}`;
    if (days < 0) examiner.fail(`the ${name} ended at ${notAfter.toISOString()}`, ADVICE[kind]);
    else if (days < DAYS_AHEAD[kind]) examiner.warn(finding, ADVICE[kind]);
    else examiner.ok(finding);
  }
}

function newestOf<Item extends { notAfter: Date }>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): Item[] {
  const newest = new Map<string, Item>();
  for (const item of items) {
    const known = newest.get(keyOf(item));
    if (!known || known.notAfter < item.notAfter) newest.set(keyOf(item), item);
  }
  return [...newest.values()];
}
