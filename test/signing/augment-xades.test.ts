import t from 'tap';

import { parseXml } from '../../formats/xml/parse-xml.ts';
import type { EmbeddedRevocation } from '../../pki/cms/signed-data.ts';
import { signAsic } from '../../signing/asic/sign-asic.ts';
import { augmentSignature } from '../../signing/augment-signature.ts';
import { augmentXades } from '../../signing/xades/augment-xades.ts';
import type { XadesAugmentation } from '../../signing/xades/augmented-signature.ts';
import { SIGNATURE_LEVELS } from '../../signing/signature-level.ts';
import type { SignatureLevel } from '../../signing/signature-level.ts';
import { signXades } from '../../signing/xades/sign-xades.ts';
import type { XadesSubject } from '../../signing/xades/xades-request.ts';
import { readXades } from '../../validation/xades/read-xades.ts';
import { augmentationFixture } from '../support/augmentation-fixture.ts';
import { NOON } from '../support/fixture-deployment.ts';

const { deployment, doctor, trust, ports } = await augmentationFixture();
const report = Buffer.from('<report xmlns="urn:example:his"><item n="1"/>آزمایش</report>');
const SUBJECTS: XadesSubject[] = [
  { packaging: 'enveloped', content: report },
  { packaging: 'enveloping', content: report },
  { packaging: 'detached', contents: [{ uri: 'report.xml', bytes: report }] },
];

for (const subject of SUBJECTS) {
  t.test(`${subject.packaging}: each level has what it asks for, and the engine finds it`, async (t) => {
    let signature = await sign(subject);
    for (const level of SIGNATURE_LEVELS) {
      signature = await augment(signature, level);
      const verdict = await deployment.validate(signature, { content: report, trust });
      t.match(verdict, { indication: 'TOTAL-PASSED' }, level);
      // A time stamp counts once the status of its authority is there, which nobody can be asked for here.
      const reached = level === 'B-T' ? 'B-B' : level;
      t.equal(verdict.signatures[0].level.reached, reached, JSON.stringify(verdict.signatures[0].level));
      t.equal(verdict.signatures[0].timeStamps.length, { 'B-B': 0, 'B-T': 1, 'B-LT': 1, 'B-LTA': 2 }[level]);
    }
    t.equal(parseXml(signature).root.name, subject.packaging === 'enveloped' ? 'report' : 'ds:Signature');
  });
}

t.test('an archive time stamp covers all that was there, and the next one that too', async (t) => {
  const first = await augment(await sign(SUBJECTS[0]), 'B-LTA');
  const again = await augment(first, 'B-LTA', { digest: 'sha512' });
  const [{ timeStamps, revocation }] = read(again).signatures;
  t.strictSame(
    timeStamps.map(({ kind }) => kind),
    ['signature', 'archive', 'archive'],
  );
  const [stamp, archive, second] = timeStamps;
  t.same(archive.protects?.timeStamps, [stamp.token]);
  t.same(second.protects?.timeStamps, [stamp.token, archive.token]);
  t.same(second.protects?.revocation, revocation.map(octets));
  t.match(await deployment.validate(again, { trust }), {
    indication: 'TOTAL-PASSED',
    signatures: [{ level: { reached: 'B-LTA' }, timeStamps: [{}, {}, {}] }],
  });
});

t.test('what is reached already is not added twice, and what others wrote stays as it is', async (t) => {
  const signed = await sign(SUBJECTS[0]);
  const stamped = await augment(signed, 'B-T');
  t.same(await augment(stamped, 'B-T'), stamped);
  t.same(await augment(stamped, 'B-B'), stamped);
  const long = await augment(stamped, 'B-LT');
  t.same(await augment(long, 'B-LT'), long);
  const cut = signed.indexOf('</xades:QualifyingProperties>');
  t.same(long.subarray(0, cut), signed.subarray(0, cut));
});

t.test('archive time stamps are over what is signed outside too', async (t) => {
  const signature = await sign(SUBJECTS[2]);
  await t.rejects(augment(signature, 'B-LTA', {}, null), { code: 'xml-malformed' });
  const archived = await augment(signature, 'B-LTA');
  const other = await deployment.validate(archived, { content: Buffer.from('another'), trust });
  t.match(other, { indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' });
});

t.test('a changed octet under a time stamp is found', async (t) => {
  const archived = (await augment(await sign(SUBJECTS[0]), 'B-LTA')).toString();
  const values = /<xades:EncapsulatedOCSPValue>(.{20})/.exec(archived)!;
  const changed = archived.replace(
    values[1],
    values[1].replace(/[A-Z]/, (letter) => (letter === 'B' ? 'C' : 'B')),
  );
  const { signatures } = await deployment.validate(Buffer.from(changed), { trust });
  t.not(signatures[0].level.reached, 'B-LTA');
  const [stamp, archive] = signatures[0].timeStamps;
  t.match(stamp, { indication: 'TOTAL-PASSED' });
  t.match(archive, { indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' });
});

t.test('every signature of a document is lifted', async (t) => {
  const one = await sign({ packaging: 'enveloped', content: report }, true);
  const both = await sign({ packaging: 'enveloped', content: one });
  const verdict = await deployment.validate(await augment(both, 'B-LTA'), { trust });
  t.match(verdict, { indication: 'TOTAL-PASSED' });
  t.strictSame(
    verdict.signatures.map(({ level }) => level.reached),
    ['B-LTA', 'B-LTA'],
  );
});

t.test('the signatures of a container are lifted, of either form', async (t) => {
  const files = [{ name: 'report.xml', bytes: report, mediaType: 'application/xml' }];
  for (const form of ['XAdES', 'CAdES'] as const) {
    const container = await signAsic({ ...doctor, files, form, signingTime: NOON });
    const lifted = await augmentSignature(container, { level: 'B-LTA', ...ports });
    t.equal(lifted.format, 'asic');
    t.match(await deployment.validate(lifted.signature, { trust }), {
      indication: 'TOTAL-PASSED',
      signatures: [{ format: form, level: { reached: 'B-LTA' } }],
    });
  }
});

t.test('what is wrong is not stamped', async (t) => {
  const signature = (await sign(SUBJECTS[0])).toString();
  for (const changed of [
    signature.replace('n="1"', 'n="2"'),
    signature.replace('<ds:DigestValue>', '<ds:DigestValue>\n'),
  ])
    await t.rejects(augment(Buffer.from(changed), 'B-T'), { code: 'augmentation-not-possible' });
});

t.test('plain XML signatures are not lifted', async (t) => {
  const plain = Buffer.from('<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>');
  await t.rejects(augment(plain, 'B-T'), { code: 'augmentation-not-possible' });
  await t.rejects(augment(report, 'B-T'), { code: 'xml-malformed' });
});

function sign(subject: XadesSubject, besideOthers = false): Promise<Buffer> {
  return signXades({ subject, ...doctor, signingTime: NOON, besideOthers });
}

function augment(
  signature: Buffer,
  level: SignatureLevel,
  overrides: Partial<XadesAugmentation> = {},
  content: Buffer | null = report,
): Promise<Buffer> {
  return augmentXades(signature, {
    level,
    ...ports,
    ...(content && { content }),
    ...overrides,
  });
}

function read(signature: Buffer) {
  return readXades({ signature, content: report, signingCertificateReference: 'required' });
}

function octets({ bytes }: EmbeddedRevocation): Buffer {
  return bytes;
}
