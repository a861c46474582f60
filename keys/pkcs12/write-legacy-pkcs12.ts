import forge from 'node-forge';

import { publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { KeyError } from '../key-error.ts';
import type { Passphrase } from '../passphrase.ts';
import type { Pkcs12Contents } from './pkcs12-contents.ts';
import { pkcs12Password } from './pkcs12-password.ts';

/** Ten times what the devices' own programs wrote; more makes the oldest of them wait for minutes. */
const ITERATIONS = 20_000;

/**
 * Writes the PKCS#12 file that devices of before 2018 read (Windows 7 to 10 1803, Android before 10, iOS before 12): the key under
 * pbeWithSHAAnd3-KeyTripleDES-CBC, a MAC with HMAC-SHA-1, and the certificates in the clear. It withstands guessing far worse than
 * `writePkcs12` does. Those devices know RSA, and so does node-forge: key, certificate and chain have to be RSA. Throws KeyError
 * `pkcs12-password` or `pkcs12-legacy-rsa-only`.
 */
export function writeLegacyPkcs12(options: { contents: Pkcs12Contents; password: Passphrase }): Buffer {
  const { privateKey, certificate, chain, friendlyName } = options.contents;
  const password = pkcs12Password(options.password);
  const certificates = [certificate, ...chain];
  if (!certificates.every((one) => publicKeyOf(one).asymmetricKeyType === 'rsa'))
    throw new KeyError(
      'pkcs12-legacy-rsa-only',
      'the old form takes RSA keys, and certificates that authorities with RSA keys have issued',
    );
  const key = forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const file = forge.pkcs12.toPkcs12Asn1(key, certificates.map(forgeCertificate), password, {
    algorithm: '3des',
    count: ITERATIONS,
    friendlyName,
  });
  return Buffer.from(forge.asn1.toDer(file).getBytes(), 'latin1');
}

/** Its own octets are kept as they were signed. Throws KeyError `pkcs12-legacy-rsa-only` where node-forge would not keep them. */
function forgeCertificate({ bytes }: Certificate): forge.pki.Certificate {
  const der = forge.util.createBuffer(bytes.toString('latin1'));
  const certificate = forge.pki.certificateFromAsn1(forge.asn1.fromDer(der));
  const written = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes();
  if (Buffer.from(written, 'latin1').equals(bytes)) return certificate;
  throw new KeyError(
    'pkcs12-legacy-rsa-only',
    'a certificate is signed with an algorithm that the old form has not',
  );
}
