import { createVerify, generateKeyPairSync } from 'node:crypto';

import t from 'tap';

import { PdfFile } from '../../formats/pdf/pdf-file.ts';
import { PdfName, PdfString, dictionaryOf } from '../../formats/pdf/pdf-value.ts';
import { findSignatures } from '../../formats/pdf/find-signatures.ts';
import { readSecurityStore } from '../../formats/pdf/security-store.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { CMS } from '../../pki/oid.ts';
import type { SignatureAlgorithmName } from '../../pki/signature-algorithm.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { addSignatureField } from '../../signing/pades/add-signature-field.ts';
import { augmentPades } from '../../signing/pades/augment-pades.ts';
import { preparePades } from '../../signing/pades/prepare-pades.ts';
import { BYTE_RANGE_PLACEHOLDER, coveredParts, fillContents } from '../../signing/pades/reserved-contents.ts';
import { assemblePades, padesSignedOctets } from '../../signing/pades/sign-pades.ts';
import type { SignatureLevel } from '../../signing/signature-level.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { NOON } from '../support/fixture-deployment.ts';
import { compressedPdf, pdfOf, prescriptionObjects } from '../support/pdf-samples.ts';
import { PdfDesk } from '../support/signed-pdfs.ts';

const desk = await PdfDesk.create();
const { deployment, doctor, timeStamper, material } = desk;

const augment = (document: Buffer, level: SignatureLevel) =>
  augmentPades(document, { level, timeStamper, material });

const keys: [string, ReturnType<typeof generateKeyPairSync>['privateKey'], SignatureAlgorithmName][] = [
  ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey, 'ecdsa-sha384'],
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'rsa-sha256'],
  ['RSA-PSS', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'rsa-pss-sha256'],
  ['Ed25519', generateKeyPairSync('ed25519').privateKey, 'ed25519'],
];
for (const [name, key, algorithm] of keys) {
  t.test(`signs with ${name}`, async (t) => {
    const { signer, certificate } = await deployment.issue(memorySigner(key, algorithm));
    const document = pdfOf();
    const prepared = preparePades({ document, certificate, algorithm, signingTime: NOON });
    const signed = assemblePades(prepared, await signer.sign(padesSignedOctets(prepared)));
    t.ok(signed.subarray(0, document.length).equals(document));
    t.match(await desk.validate(signed), {
      indication: 'TOTAL-PASSED',
      signatures: [
        {
          format: 'PAdES',
          packaging: 'enveloped',
          claimedSigningTime: NOON.toISOString(),
          level: { reached: 'B-B' },
        },
      ],
    });
  });
}

t.test('what ETSI EN 319 142-1 asks of level B-B', async (t) => {
  const signed = await desk.sign(pdfOf(), { reason: 'نسخه', location: 'تهران' });
  const [{ dictionary, coverage }] = findSignatures(new PdfFile(signed));
  t.match(dictionary, {
    subFilter: 'ETSI.CAdES.detached',
    claimedSigningTime: NOON,
    reason: 'نسخه',
    location: 'تهران',
  });
  t.equal(coverage.range?.end, signed.length, 'the whole document');
  const { content, signerInfos, certificates } = parseSignedData(
    dictionary.contents?.bytes ?? Buffer.alloc(0),
  );
  t.equal(content, undefined);
  t.equal(certificates.length, 2);
  t.same(
    signerInfos[0].signedAttributes?.list.map(({ type }) => type).toSorted(),
    [CMS.contentType, CMS.messageDigest, CMS.signingCertificateV2].toSorted(),
    'no signing-time in CMS',
  );
});

t.test('what is to be signed goes to a phone, and comes back', async (t) => {
  const { certificate, signer } = doctor;
  const prepared = preparePades({
    document: pdfOf(),
    certificate,
    algorithm: 'ecdsa-sha256',
    signingTime: NOON,
  });
  const octets = padesSignedOctets(prepared);
  const signature = await signer.sign(octets);
  t.ok(
    createVerify('sha256')
      .update(octets)
      .verify({ key: certificate.subjectPublicKeyInfo, format: 'der', type: 'spki' }, signature),
  );
  t.match(await desk.validate(assemblePades(prepared, signature)), { indication: 'TOTAL-PASSED' });
});

t.test('signs what is signed, and takes the field that waits for it', async (t) => {
  for (const document of [pdfOf(), compressedPdf()]) {
    const first = await desk.sign(document, { fieldName: 'doctor' });
    const second = await desk.sign(first);
    const third = await desk.sign(second, {
      appearance: { page: 1, rectangle: [10, 40, 200, 90], lines: ['Dr. Mina Rezaei (MD)', '2026-06-15'] },
    });
    const report = await desk.validate(third);
    t.match(report, { indication: 'TOTAL-PASSED', signatures: [{}, {}, {}] });
    t.same(
      findSignatures(new PdfFile(third)).map(({ field }) => field),
      ['doctor', 'Signature1', 'Signature2'],
    );
  }
});

t.test('where the form and the annotations are objects of their own, or none are there', async (t) => {
  const objects = prescriptionObjects();
  const apart = {
    ...objects,
    3: String(objects[3]).replace(/\/Annots (\[[^\]]*\])/, '/Annots 30 0 R'),
    6: String(objects[6]).replace(/\/Fields (\[[^\]]*\])/, '/Fields 31 0 R'),
    30: '[7 0 R 8 0 R 9 0 R 10 0 R]',
    31: '[7 0 R 8 0 R 9 0 R]',
  };
  const none = {
    ...objects,
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    3: String(objects[3]).replace(/\/Annots [^\]]*\]/, ''),
  };
  for (const document of [pdfOf(apart), pdfOf(none)]) {
    const signed = await desk.sign(await desk.sign(document));
    t.match(await desk.validate(signed), { indication: 'TOTAL-PASSED', signatures: [{}, {}] });
  }
});

t.test('refuses', async (t) => {
  const signed = await desk.sign(pdfOf(), { fieldName: 'doctor' });
  await t.rejects(desk.sign(signed, { fieldName: 'doctor' }), { code: 'signature-not-permitted' });
  await t.rejects(desk.sign(pdfOf(undefined, '/Encrypt 5 0 R')), { code: 'pdf-encrypted' });
  await t.rejects(desk.sign(Buffer.from('hello')), { code: 'pdf-malformed' });
  await t.rejects(desk.sign(pdfOf(), { reservedOctets: 100 }), { code: 'signature-too-large' });
  const lines = (line: string) => ({ page: 1, rectangle: [0, 0, 9, 9] as const, lines: [line] });
  await t.rejects(desk.sign(pdfOf(), { appearance: lines('نسخه') }), { code: 'document-format' });
  await t.rejects(desk.sign(pdfOf(), { appearance: { ...lines('x'), page: 7 } }), {
    code: 'document-format',
  });
  const other = memorySigner();
  await t.rejects(desk.sign(pdfOf(), { signer: other } as never), { code: 'signer-certificate-mismatch' });
  await t.rejects(augment(pdfOf(), 'B-T'), { code: 'augmentation-not-possible' });
  const changed = Buffer.from(signed.toString('latin1').replace('/Helvetica', '/Helvetika'), 'latin1');
  await t.rejects(augment(changed, 'B-T'), { code: 'augmentation-not-possible' }, 'one that does not verify');
});

t.test('levels', async (t) => {
  let document = await desk.sign(compressedPdf());
  t.ok((await augment(document, 'B-B')).equals(document));
  const expected = {
    'B-T': { revisions: 2, kinds: ['signature'] },
    'B-LT': { revisions: 3, kinds: ['signature'] },
    'B-LTA': { revisions: 4, kinds: ['signature', 'document'] },
  } as const;
  for (const [level, { revisions, kinds }] of Object.entries(expected)) {
    document = await augment(document, level as SignatureLevel);
    const report = await desk.validate(document);
    t.match(report, { indication: 'TOTAL-PASSED', signatures: [{ level: { reached: level } }] }, level);
    t.same(
      report.signatures[0].timeStamps?.map(({ kind }) => kind),
      kinds,
    );
    t.equal(new PdfFile(document).revisions.length, revisions);
    if (level !== 'B-LTA')
      t.ok((await augment(document, level as SignatureLevel)).equals(document), 'once is enough');
  }
  t.same(desk.asked.at(-1)?.length, 2, "the signer's certificate and that of the time stamp");
  const again = await augment(document, 'B-LTA');
  t.same(desk.asked.at(-1)?.length, 1, 'and later that of the last document time stamp alone');
  const report = await desk.validate(again);
  t.match(report, { indication: 'TOTAL-PASSED', signatures: [{ level: { reached: 'B-LTA' } }] });
  t.equal(report.signatures[0].timeStamps?.length, 3, 'stamped again');
});

t.test('the store holds each value once', async (t) => {
  const twice = await augment(await augment(await desk.sign(await desk.sign()), 'B-LTA'), 'B-LTA');
  const store = readSecurityStore(new PdfFile(twice).newest());
  t.same([store.certificates.length, store.crls.length, store.ocspResponses.length], [4, 1, 2]);
});

t.test('a signature that others are written over gets a document time stamp', async (t) => {
  const signed = await desk.sign(await desk.sign());
  const stamped = await augment(signed, 'B-T');
  t.ok(stamped.subarray(0, signed.length).equals(signed), 'no signature is touched');
  const report = await desk.validate(stamped);
  t.match(report, {
    indication: 'TOTAL-PASSED',
    signatures: [{ level: { reached: 'B-T' } }, { level: { reached: 'B-T' } }],
  });
  const tight = await desk.sign(pdfOf(), { reservedOctets: 2_000 });
  const over = await augment(tight, 'B-T');
  t.ok(over.subarray(0, tight.length).equals(tight), 'nor one without room for a token');
  t.match(await desk.validate(over), { signatures: [{ level: { reached: 'B-T' } }] });
});

t.test('a time stamp over another document proves nothing', async (t) => {
  const stamped = await augment(await desk.sign(await desk.sign()), 'B-T');
  const text = stamped.toString('latin1');
  // A digit of the time stamp's own revision, which nothing else covers.
  const at = text.lastIndexOf('/Type /DocTimeStamp');
  const broken = Buffer.from(stamped);
  broken.write('/type', at, 'latin1');
  const report = await desk.validate(broken);
  t.match(report.signatures[0], { level: { reached: 'B-B' } });
  t.ok(report.signatures[0].reasons.some(({ code }) => code === 'time-stamp-not-counted'));
});

t.test('signatures of archives: CMS that envelops the SHA-1 of the document', async (t) => {
  const reserved = addSignatureField(new PdfFile(pdfOf()), {
    namePrefix: 'Old',
    signature: () =>
      dictionaryOf({
        Type: new PdfName('Sig'),
        SubFilter: new PdfName('adbe.pkcs7.sha1'),
        ByteRange: BYTE_RANGE_PLACEHOLDER,
        Contents: new PdfString(Buffer.alloc(4_000), true),
      }),
  });
  const enveloping = async (content: Buffer, detached = false) =>
    fillContents(reserved, await signCades({ ...doctor, content, detached, signingTime: NOON }));
  const hash = digest('sha1', ...coveredParts(reserved));
  t.match(await desk.validate(await enveloping(hash)), {
    cryptographic: 'PASSED',
    subIndication: 'CRYPTO_CONSTRAINTS_FAILURE',
    signatures: [{ format: 'CMS', algorithms: { digest: 'sha1' } }],
  });
  t.match(await desk.validate(await enveloping(digest('sha1', Buffer.from('another')))), {
    cryptographic: 'FAILED',
    subIndication: 'HASH_FAILURE',
  });
  t.match(await desk.validate(await enveloping(hash, true)), { subIndication: 'FORMAT_FAILURE' });
});
