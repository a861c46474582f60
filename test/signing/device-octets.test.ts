import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import t from 'tap';

import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { readSingleSigner } from '../../pki/cms/single-signer.ts';
import { AT } from '../../pki/oid.ts';
import { readCertificateFacts } from '../../signing/device/certificate-facts.ts';
import {
  certificationRequest,
  certificationRequestInfo,
} from '../../signing/device/certification-request-octets.ts';
import { unsignedInteger } from '../../signing/device/der-octets.ts';
import { ecdsaSignatureValue } from '../../signing/device/ecdsa-signature-value.ts';
import { holderSignature } from '../../signing/device/holder-signature.ts';
import { cadesSignedOctets } from '../../signing/device/signed-octets.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { onOneService } from '../support/test-service.ts';

function raw(octets: Uint8Array, key: KeyObject): Buffer {
  return sign('sha256', octets, { key, dsaEncoding: 'ieee-p1363' });
}

t.test('a request that the page makes proves its key, and is the octets that pki writes', async (t) => {
  const signer = memorySigner();
  const info = certificationRequestInfo(signer.subjectPublicKeyInfo);
  const request = certificationRequest(info, raw(info, signer.privateKey));
  const read = parseCertificationRequest(request);
  t.strictSame(read.subjectPublicKeyInfo, signer.subjectPublicKeyInfo);
  const ours = await makeCertificationRequest(signer, [{ type: AT.commonName, value: 'phone' }]);
  t.ok(ours.includes(Buffer.from(info)), 'CertificationRequestInfo is the same');
});

t.test('numbers take their shortest form', (t) => {
  const hex = (octets: number[]) => Buffer.from(unsignedInteger(Uint8Array.from(octets))).toString('hex');
  t.strictSame([[0, 0, 5], [0x80], [0, 0], [0x7f, 0xff]].map(hex), [
    '020105',
    '02020080',
    '020100',
    '02027fff',
  ]);
  const value = Buffer.alloc(64);
  value[31] = 1;
  value[63] = 2;
  t.equal(Buffer.from(ecdsaSignatureValue(value)).toString('hex'), '3006020101020102');
  t.end();
});

t.test('of a certificate as the service issues it', async (t) => {
  await onOneService(t, async (t, service) => {
    const { certificate, signer, body } = await issueDoctor(service);
    const facts = readCertificateFacts(certificate.bytes);
    const { givenName, surname, nationalId } = body.applicant;

    await t.test('name and validity are read', async (t) => {
      t.match(facts, { givenName, surname, personNumber: nationalId });
      t.match(facts.commonName, body.applicant.latinName);
      t.strictSame([facts.notBefore, facts.notAfter], [certificate.notBefore, certificate.notAfter]);
      t.ok(certificate.issuer.bytes.equals(facts.issuer));
      t.ok(certificate.subjectPublicKeyInfo.equals(facts.subjectPublicKeyInfo));
    });

    await t.test('what its key signs is a signature of one signer', async (t) => {
      const content = Buffer.from('{"type":"mohr-renewal-request"}');
      const sha256 = (octets: Uint8Array) => createHash('sha256').update(octets).digest();
      const signed = {
        documentSha256: sha256(content),
        certificateSha256: sha256(certificate.bytes),
        signingTime: new Date('2026-11-26T08:00:00Z'),
      };
      const value = raw(cadesSignedOctets(signed), signer.privateKey);
      const octets = holderSignature({ content, facts: signed, certificate: facts, value });
      const read = readSingleSigner(octets);
      t.strictSame(read.content, content);
      t.equal(read.faultWith(certificate), undefined);
      const another = parseCertificate((await issueDoctor(service)).certificate.bytes);
      t.type(read.faultWith(another), 'string');
    });

    await t.test('cut short anywhere it is refused', async (t) => {
      const { length } = certificate.bytes;
      for (const at of [0, 1, 3, 10, 60, 200])
        t.throws(() => readCertificateFacts(certificate.bytes.subarray(0, at)), {
          code: 'certificate-unreadable',
        });
      t.ok(length > 200);
    });
  });
});

t.test('P-384 values have their own length', (t) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const value = ecdsaSignatureValue(raw(Buffer.from('x'), privateKey));
  t.ok(value.length > 96);
  t.end();
});
