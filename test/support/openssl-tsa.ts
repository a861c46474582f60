import type { Certificate } from '../../pki/certificate.ts';
import { basicConstraintsExtension } from '../../pki/extensions/basic-constraints.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { AT, KP } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import {
  authorityTemplate,
  fixtureCertificate,
  FIXTURE_NOT_AFTER,
  FIXTURE_NOT_BEFORE,
} from './fixture-certificate.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';

/** A root and a time-stamping authority under it, with their keys at hand. */
export interface FixtureTsa {
  root: { certificate: Certificate; signer: MemorySigner };
  certificate: Certificate;
  signer: MemorySigner;
}

export async function fixtureTsa(signer: MemorySigner = memorySigner()): Promise<FixtureTsa> {
  const rootSigner = memorySigner();
  const template = authorityTemplate('Time Root', rootSigner);
  const root = {
    certificate: await fixtureCertificate(template, { signer: rootSigner }),
    signer: rootSigner,
  };
  const certificate = await fixtureCertificate(
    {
      subject: [{ type: AT.commonName, value: 'Time Stamps' }],
      subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
      notBefore: FIXTURE_NOT_BEFORE,
      notAfter: FIXTURE_NOT_AFTER,
      serialNumber: Buffer.from('41a1b2c3d4e5f60718293a4b5c6d7e8f', 'hex'),
      extensions: [
        basicConstraintsExtension({ ca: false }),
        keyUsageExtension(['digitalSignature']),
        extendedKeyUsageExtension([KP.timeStamping], true),
      ],
    },
    root,
  );
  return { root, certificate, signer };
}

/** What `openssl ts -reply` needs, as files of a folder. */
export function opensslTsaFiles({ root, certificate, signer }: FixtureTsa): Record<string, string> {
  return {
    'root.pem': encodePem('CERTIFICATE', root.certificate.bytes),
    'tsa.pem': encodePem('CERTIFICATE', certificate.bytes),
    'tsa.key': signer.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    'tsa.serial': '0A01\n',
    'tsa.cnf': TSA_SECTION,
  };
}

const TSA_SECTION = `
[tsa]
default_tsa = authority
[authority]
serial = tsa.serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = 3
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;
