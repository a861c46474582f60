import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { parseCertificateList } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { PkitsRun } from './pkits-table.ts';

/** Where Debian's python3-cryptography-vectors lies (debian-packages.json). */
export const VECTORS = '/usr/lib/python3/dist-packages/cryptography_vectors';

const PKITS = join(VECTORS, 'x509/PKITS_data');

/** What one test gives: the anchor is the same in all. */
export interface PkitsInputs {
  /** Undefined: what the test gives is no certificate that could be read. */
  leaf: Certificate | undefined;
  intermediates: Certificate[];
  crls: CertificateList[];
}

export const pkitsAnchor = parseCertificate(
  readFileSync(join(PKITS, 'certs/TrustAnchorRootCertificate.crt')),
);

/** The certificates and CRLs in the S/MIME message of a test; the leaf is its signer's. */
export function pkitsInputs(name: string): PkitsInputs {
  const message = readFileSync(join(PKITS, `smime/Signed${name}.eml`), 'latin1');
  const base64 = message.slice(message.indexOf('filename="smime.p7s"')).split('\n------')[0];
  const { certificates, revocation, signerInfos } = parseSignedData(
    Buffer.from(base64.slice(base64.indexOf('\n')), 'base64'),
  );
  const { sid } = signerInfos[0];
  const leaf = certificates.find(
    ({ issuer, serialNumber }) =>
      sid.kind === 'issuer-and-serial' &&
      issuer.bytes.equals(sid.issuer.bytes) &&
      serialNumber.equals(sid.serialNumber),
  );
  return {
    leaf,
    intermediates: certificates.filter((certificate) => certificate !== leaf),
    crls: revocation.map(({ bytes }) => parseCertificateList(bytes)),
  };
}

/** Every certificate and CRL of the suite. */
export function allPkitsInputs(): Pick<PkitsInputs, 'intermediates' | 'crls'> {
  const files = (folder: string) =>
    readdirSync(join(PKITS, folder)).map((name) => readFileSync(join(PKITS, folder, name)));
  return {
    intermediates: files('certs').flatMap(readableCertificate),
    crls: files('crls').map(parseCertificateList),
  };
}

function readableCertificate(bytes: Buffer): Certificate[] {
  try {
    return [parseCertificate(bytes)];
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    return [];
  }
}

const POLICY_ARC = '2.16.840.1.101.3.2.1.48';

/** Object identifiers of NIST test policies by their numbers. */
export function testPolicies(numbers: readonly number[]): string[] {
  return numbers.map((number) => `${POLICY_ARC}.${number}`);
}

/** What a run is called in a test's output. */
export function runName({ valid, policies, ...inputs }: PkitsRun): string {
  const given = Object.keys(inputs).length === 0 ? '' : ` ${JSON.stringify(inputs)}`;
  return `${valid ? 'valid' : 'not valid'}${policies ? ` under ${JSON.stringify(policies)}` : ''}${given}`;
}
