import { generateKeyPairSync } from 'node:crypto';

import forge from 'node-forge';
import t from 'tap';

import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { AT } from '../../pki/oid.ts';
import { encodePem } from '../../pki/pem.ts';
import { memorySigner } from '../support/memory-signer.ts';

// node-forge stands for the older JavaScript software of offices and devices, which knows RSA only.
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

t.test('a request that node-forge makes is read', async (t) => {
  const key = forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.rsa.setPublicKey(key.n, key.e);
  request.setSubject([{ name: 'commonName', value: 'phone' }]);
  request.sign(key, forge.md.sha256.create());
  const pem = forge.pki.certificationRequestToPem(request);
  const parsed = parseCertificationRequest(pem);
  t.equal(parsed.subject.rdns[0][0].value, 'phone');
  t.strictSame(parsed.subjectPublicKeyInfo, memorySigner(privateKey, 'rsa-sha256').subjectPublicKeyInfo);
});

t.test('a request of ours is read by node-forge', async (t) => {
  const der = await makeCertificationRequest(memorySigner(privateKey, 'rsa-sha256'), [
    { type: AT.commonName, value: 'phone' },
  ]);
  const request = forge.pki.certificationRequestFromPem(encodePem('CERTIFICATE REQUEST', der));
  t.ok(request.verify());
  t.match(request.subject.getField('CN'), { value: 'phone' });
});
