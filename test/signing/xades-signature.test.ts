import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { encodePem } from '../../pki/pem.ts';
import type { XadesSubject } from '../../signing/xades/xades-request.ts';
import { signXades } from '../../signing/xades/sign-xades.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { runProgram } from '../support/run-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const report = Buffer.from(
  '<?xml version="1.0"?>\n<!-- export -->\n<e:report xmlns:e="urn:example:his" xmlns="urn:x">' +
    '<note lang="fa">نسخهٔ &lt;آزمایشی&gt;</note><e:empty/>\r\n<![CDATA[a & b]]></e:report>\n',
);
const SUBJECTS: Record<XadesSubject['packaging'], XadesSubject> = {
  enveloped: { packaging: 'enveloped', content: report },
  enveloping: { packaging: 'enveloping', content: Buffer.from([0, 1, 2, 255]), mediaType: 'image/x-test' },
  detached: {
    packaging: 'detached',
    contents: [
      { uri: 'report.xml', bytes: report, mediaType: 'application/xml' },
      { uri: 'a%20b.bin', bytes: Buffer.from([1, 2, 3]) },
    ],
  },
};
const contentsByName = new Map<string, Buffer>([
  ['report.xml', report],
  ['a b.bin', Buffer.from([1, 2, 3])],
]);

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
const keys: {
  name: string;
  key: typeof rsa;
  algorithm: SignatureAlgorithmName;
  unreadBy?: readonly string[];
}[] = [
  { name: 'P-256', key: ec('P-256'), algorithm: 'ecdsa-sha256' },
  { name: 'P-384', key: ec('P-384'), algorithm: 'ecdsa-sha384' },
  { name: 'P-521', key: ec('P-521'), algorithm: 'ecdsa-sha512' },
  { name: 'brainpoolP256r1', key: ec('brainpoolP256r1'), algorithm: 'ecdsa-sha256' },
  { name: 'RSA PKCS#1', key: rsa, algorithm: 'rsa-sha256' },
  { name: 'RSA PKCS#1', key: rsa, algorithm: 'rsa-sha512' },
  { name: 'RSA-PSS', key: rsa, algorithm: 'rsa-pss-sha256', unreadBy: ['xmlsec1'] },
  {
    name: 'Ed25519',
    key: generateKeyPairSync('ed25519').privateKey,
    algorithm: 'ed25519',
    unreadBy: ['xmlsec1'],
  },
];

const deployment = await FixtureDeployment.create();

for (const { name, key, algorithm, unreadBy = [] } of keys) {
  t.test(`signs XAdES with ${name} and ${algorithm}`, async (t) => {
    const doctor = await deployment.issue(memorySigner(key, algorithm));
    const folder = temporaryFolder(t);
    for (const [packaging, subject] of Object.entries(SUBJECTS)) {
      const signature = await sign(doctor, subject);
      const verdict = await deployment.validate(signature, { contentsByName });
      t.match(
        verdict,
        { indication: 'TOTAL-PASSED', signatures: [{ format: 'XAdES', packaging }] },
        `ours, ${packaging}`,
      );
      if (unreadBy.includes('xmlsec1')) continue;
      const { code, output } = await xmlsec(folder, signature, packaging);
      t.equal(code, 0, `xmlsec1, ${packaging}: ${output}`);
    }
  });
}

function sign({ signer, certificate }: Holder, subject: XadesSubject): Promise<Buffer> {
  return signXades({
    subject,
    signer,
    certificate,
    chain: [deployment.bronze.certificate],
    signingTime: NOON,
  });
}

async function xmlsec(folder: string, signature: Buffer, packaging: string) {
  writeFileSync(join(folder, 'root.pem'), encodePem('CERTIFICATE', deployment.root.certificate.bytes));
  writeFileSync(join(folder, `${packaging}.xml`), signature);
  for (const [file, bytes] of contentsByName) writeFileSync(join(folder, file), bytes);
  return runProgram(
    'xmlsec1',
    [
      '--verify',
      ...['--trusted-pem', 'root.pem', '--verification-time', '2026-06-15 12:00:00'],
      ...['--id-attr:Id', 'http://uri.etsi.org/01903/v1.3.2#:SignedProperties'],
      ...['--id-attr:Id', 'http://www.w3.org/2000/09/xmldsig#:Object'],
      `${packaging}.xml`,
    ],
    { folder },
  );
}
