import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '../../core/clock.ts';
import { DomainError, errorCode } from '../../core/errors.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { sameName } from '../../pki/name.ts';
import type { TimeStampingUnit } from '../../tsa/time-stamping-unit.ts';
import type { KeyStore } from '../key-store.ts';
import { readNodeKeys } from './node-keys.ts';

/** What an operator brings from where the CAs are: certificates of this node's keys with their issuers, in any order. */
const CERTIFICATES_FILE = 'tsa-certificates.pem';

export interface NodeUnitOptions {
  dataDirectory: string;
  keys: Pick<KeyStore, 'openSigner'>;
  clock: Clock;
}

/**
 * The unit of a node that has nothing but its keys: of the certificates in the file, the newest in force whose key is here. Throws
 * DomainError `time-stamping-certificate-missing`.
 */
export function nodeUnit({ dataDirectory, keys, clock }: NodeUnitOptions) {
  return async (): Promise<TimeStampingUnit> => {
    const certificates = await readCertificates(join(dataDirectory, CERTIFICATES_FILE));
    const references = await readNodeKeys(dataDirectory);
    const now = clock.now();
    const candidates = certificates
      .flatMap((certificate) => {
        const reference = references.get(certificate.subjectPublicKeyInfo.toString('base64'));
        const isInForce = certificate.notBefore <= now && now <= certificate.notAfter;
        return reference !== undefined && isInForce ? [{ certificate, reference }] : [];
      })
      .sort((a, b) => b.certificate.notBefore.getTime() - a.certificate.notBefore.getTime());
    const [newest] = candidates;
    if (!newest)
      throw new DomainError(
        'time-stamping-certificate-missing',
        `no certificate in ${CERTIFICATES_FILE} is in force and of a key of this node`,
      );
    const { certificate, reference } = newest;
    return {
      signer: await keys.openSigner(reference),
      certificate,
      chain: issuersOf(certificate, certificates),
    };
  };
}

/** Each issuer once, from the nearest; a root, which issued itself, ends it and stays out. */
function issuersOf(certificate: Certificate, pool: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = [];
  let below = certificate;
  for (;;) {
    const issuer = pool.find((one) => sameName(one.subject, below.issuer));
    if (!issuer || sameName(issuer.issuer, issuer.subject) || chain.includes(issuer)) return chain;
    chain.push(issuer);
    below = issuer;
  }
}

async function readCertificates(path: string): Promise<Certificate[]> {
  const text = await readFile(path, 'latin1').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  });
  return decodePem(text, ['CERTIFICATE']).map(({ bytes }) => parseCertificate(bytes));
}
