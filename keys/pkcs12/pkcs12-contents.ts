import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { Certificate } from '../../pki/certificate.ts';
import { isSignedBy, publicKeyOf } from '../../pki/certificate.ts';
import { sameName } from '../../pki/name.ts';
import { KeyError } from '../key-error.ts';

/** What a holder takes along in one file. */
export interface Pkcs12Contents {
  privateKey: KeyObject;
  certificate: Certificate;
  /** Of the issuer, then of its issuer; the root may be left out. */
  chain: readonly Certificate[];
  /** As the device shows it. */
  friendlyName: string;
}

/**
 * Puts what was read from files into order: the certificate of this key, then its issuers, each signed by the next one. Throws
 * KeyError `pkcs12-key-mismatch` where no certificate is this key's, and `pkcs12-chain` where one belongs to no path.
 */
export function orderContents(
  privateKey: KeyObject,
  certificates: readonly Certificate[],
  friendlyName: string,
): Pkcs12Contents {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const certificate = certificates.find((one) => one.subjectPublicKeyInfo.equals(spki));
  if (!certificate)
    throw new KeyError('pkcs12-key-mismatch', 'none of the certificates is the one of this key');
  const chain: Certificate[] = [];
  let left = certificates.filter((one) => one !== certificate);
  for (let last = certificate; left.length > 0;) {
    const issuer = left.find((one) => isIssuerOf(one, last));
    if (!issuer)
      throw new KeyError('pkcs12-chain', `${left.length} of the certificates did not issue this one`);
    chain.push(issuer);
    left = left.filter((one) => one !== issuer);
    last = issuer;
  }
  return { privateKey, certificate, chain, friendlyName };
}

function isIssuerOf(issuer: Certificate, subject: Certificate): boolean {
  return sameName(issuer.subject, subject.issuer) && isSignedBy(subject, publicKeyOf(issuer));
}
