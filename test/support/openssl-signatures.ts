import { encodePem } from '../../pki/pem.ts';
import type { Holder } from './fixture-deployment.ts';
import { runOpenssl } from './run-openssl.ts';

/** A folder with a signer's key, certificate and issuing CA, for `openssl cms -sign`. */
export function signerFiles(
  doctor: Holder,
  issuer: Holder,
  content: Uint8Array,
): Record<string, string | Buffer> {
  return {
    'content.bin': Buffer.from(content),
    'key.pem': doctor.signer.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'certificate.pem': encodePem('CERTIFICATE', doctor.certificate.bytes),
    'issuer.pem': encodePem('CERTIFICATE', issuer.certificate.bytes),
  };
}

/** What `openssl cms -sign` makes in such a folder; binary, DER, enveloping unless the options say otherwise. */
export function opensslSign(cwd: string, options: readonly string[] = ['-nodetach'], form = 'DER'): Buffer {
  const files = [
    '-in',
    'content.bin',
    '-signer',
    'certificate.pem',
    '-inkey',
    'key.pem',
    '-certfile',
    'issuer.pem',
  ];
  return runOpenssl(['cms', '-sign', '-binary', '-outform', form, '-md', 'sha256', ...files, ...options], {
    cwd,
  });
}
