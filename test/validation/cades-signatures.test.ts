import { generateKeyPairSync, sign as signWith } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { encodeAttribute } from '../../pki/cms/attribute.ts';
import { encodeSignedAttributes, encodeSignedData } from '../../pki/cms/encode-signed-data.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { signingCertificateV2Attribute } from '../../pki/cms/signing-certificate-reference.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { digest, digestIdentifier } from '../../pki/digest-algorithm.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import { ALG, CMS } from '../../pki/oid.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import { augmentCades } from '../../signing/cades/augment-cades.ts';
import { SIGNATURE_LEVELS } from '../../signing/signature-level.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import { fixtureCa, fixtureCrl, fixtureLeaf } from '../support/fixture-path.ts';
import {
  STAMPING_EXTENSIONS,
  certificateValuesAttribute,
  foreignStamper,
  revocationValuesAttribute,
  signFreely,
  stamp,
  withUnsigned,
} from '../support/fixture-stamps.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { opensslSign, signerFiles } from '../support/openssl-signatures.ts';
import { opensslTsaFiles } from '../support/openssl-tsa.ts';
import { runOpenssl } from '../support/run-openssl.ts';

// What is in a CAdES signature, by whomever it was made.

const content = Buffer.from('Rp. Levothyroxine 50 µg');
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const PASSED = { indication: 'TOTAL-PASSED', cryptographic: 'PASSED' };

t.test('validates what openssl signs with keys of all kinds', async (t) => {
  const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const pss = ['-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:32'];
  const cases: [string, KeyObject, string[], string][] = [
    ['P-384', ec('P-384'), [], 'ecdsa'],
    ['P-521', ec('P-521'), [], 'ecdsa'],
    ['brainpoolP256r1', ec('brainpoolP256r1'), [], 'ecdsa'],
    ['brainpoolP384r1', ec('brainpoolP384r1'), [], 'ecdsa'],
    ['brainpoolP512r1', ec('brainpoolP512r1'), [], 'ecdsa'],
    ['RSA', rsa, [], 'rsa-pkcs1'],
    ['RSA-PSS', rsa, pss, 'rsa-pss'],
  ];
  for (const [name, key, options, scheme] of cases) {
    const algorithm = key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256';
    const holder = await deployment.issue(memorySigner(key, algorithm));
    const cwd = t.testdir(signerFiles(holder, deployment.bronze, content));
    // OpenSSL cannot stream PSS.
    const streamed = options.length > 0 ? [] : [['-nodetach', '-stream']];
    for (const packaging of [['-nodetach'], [], ...streamed]) {
      const signature = opensslSign(cwd, ['-cades', ...packaging, ...options]);
      const report = await deployment.validate(signature, { content });
      t.match(report, { ...PASSED, signatures: [{ format: 'CAdES', algorithms: { scheme } }] }, name);
    }
  }
});

t.test('validates Ed25519 and Ed448, which hash by themselves', async (t) => {
  const kinds: [KeyObject, DigestName, string][] = [
    [generateKeyPairSync('ed25519').privateKey, 'sha512', ALG.ed25519],
    [generateKeyPairSync('ed448').privateKey, 'shake256', ALG.ed448],
  ];
  for (const [key, digestName, oid] of kinds) {
    const holder = await deployment.issue(memorySigner(key, 'ed25519'));
    const attributes = [
      encodeAttribute(CMS.contentType, asn1.oid(CMS.data)),
      encodeAttribute(CMS.messageDigest, asn1.octetString(digest(digestName, content))),
      signingCertificateV2Attribute(holder.certificate),
    ];
    const signature = encodeSignedData({
      content,
      certificates: [holder.certificate.bytes],
      signerInfos: [
        {
          certificate: holder.certificate,
          digestAlgorithm: digestIdentifier(digestName),
          signedAttributes: attributes,
          signatureAlgorithm: asn1.sequence(asn1.oid(oid)),
          signature: signWith(null, encodeSignedAttributes(attributes), key),
        },
      ],
    });
    t.match(await deployment.validate(signature), PASSED, digestName);
    const other = Buffer.from(signature);
    other[other.indexOf(content)] ^= 1;
    t.match(await deployment.validate(other), { subIndication: 'HASH_FAILURE' }, digestName);
  }
});

t.test('reports a countersignature under what it is over', async (t) => {
  const pharmacist = await deployment.issue();
  const signature = await sign();
  const countersigned = withUnsigned(signature, await counterSignature(signature, pharmacist));
  const report = await deployment.validate(countersigned);
  t.match(report, { ...PASSED, reasons: [] });
  t.match(report.signatures, [
    {
      id: 'signer-1',
      counterSignatures: [
        {
          id: 'signer-1.1',
          indication: 'TOTAL-PASSED',
          cryptographic: 'PASSED',
          rules: [],
          counterSignatures: [],
        },
      ],
    },
  ]);
});

t.test('a countersignature that does not hold takes nothing from the signature', async (t) => {
  const pharmacist = await deployment.issue();
  const signature = await sign();
  const expected = async (name: string, counter: Buffer, below: object) => {
    const report = await deployment.validate(withUnsigned(signature, counter));
    t.match(report, { ...PASSED, reasons: [{ code: 'counter-signature-not-valid' }] }, name);
    t.match(report.signatures[0].counterSignatures[0], below, name);
  };
  const another = await sign();
  await expected('over another signature', await counterSignature(another, pharmacist), {
    indication: 'TOTAL-FAILED',
    subIndication: 'HASH_FAILURE',
  });
  const typed = [encodeAttribute(CMS.contentType, asn1.oid(CMS.data))];
  await expected('with a content type', await counterSignature(signature, pharmacist, typed), {
    subIndication: 'FORMAT_FAILURE',
  });
  const stranger = await (await FixtureDeployment.create()).issue();
  await expected('of a stranger', await counterSignature(signature, stranger), {
    subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
  });
  deployment.record(pharmacist.certificate, { event: 'revoked', effectiveAt: NOON, reason: 'superseded' });
  await expected('revoked', await counterSignature(signature, pharmacist), {
    subIndication: 'REVOKED_NO_POE',
  });
});

t.test('reads countersignatures as deep and as many as makes sense', async (t) => {
  const signature = await sign();
  const bad = encodeAttribute(CMS.countersignature, asn1.sequence(asn1.integer(1)));
  t.match(await deployment.validate(withUnsigned(signature, bad)), {
    ...PASSED,
    reasons: [{ code: 'counter-signature-passed-over' }],
  });
  const pharmacist = await deployment.issue();
  const one = await counterValue(parseSignedData(signature).signerInfos[0].signature, pharmacist);
  const many = encodeAttribute(CMS.countersignature, ...Array.from({ length: 17 }, () => one));
  t.match(await deployment.validate(withUnsigned(signature, many)), {
    reasons: [{ code: 'counter-signature-passed-over', text: /more than 16/ }],
    signatures: [{ counterSignatures: [] }],
  });
  const nested = await counterValue(parseSignedData(signature).signerInfos[0].signature, pharmacist, {
    deep: 5,
  });
  const chained = [
    certificateValuesAttribute([pharmacist.certificate.bytes]),
    encodeAttribute(CMS.countersignature, nested),
  ];
  const report = await deployment.validate(withUnsigned(signature, ...chained));
  t.match(report, PASSED);
  const deepest = report.signatures[0].counterSignatures[0].counterSignatures[0].counterSignatures[0];
  t.match(deepest, {
    id: 'signer-1.1.1.1',
    reasons: [{ code: 'counter-signature-passed-over' }],
    counterSignatures: [],
  });
});

t.test('tells what the signer said beside the content', async (t) => {
  const claimed = asn1.sequence(
    asn1.explicit(
      0,
      asn1.sequence(asn1.sequence(asn1.oid('2.5.4.72'), asn1.setOf(asn1.utf8String('attending')))),
    ),
  );
  const attributes = [
    encodeAttribute(CMS.commitmentType, asn1.sequence(asn1.oid('1.2.840.113549.1.9.16.6.1'))),
    encodeAttribute(CMS.signerAttributesV2, claimed),
    encodeAttribute(
      CMS.signerLocation,
      asn1.sequence(asn1.explicit(0, asn1.utf8String('IR')), asn1.explicit(1, asn1.utf8String('Tehran'))),
    ),
    encodeAttribute(CMS.mimeType, asn1.utf8String('application/fhir+json')),
    encodeAttribute(CMS.contentHint, asn1.sequence(asn1.utf8String('prescription'), asn1.oid(CMS.data))),
    encodeAttribute(CMS.signaturePolicy, asn1.NULL),
  ];
  const report = await deployment.validate(await sign({ attributes }));
  t.match(report, PASSED);
  t.same(report.signatures[0].signedProperties, {
    commitmentTypes: ['1.2.840.113549.1.9.16.6.1'],
    claimedRoles: ['attending'],
    productionPlace: 'IR, Tehran',
    mediaType: 'application/fhir+json',
    contentHint: 'prescription',
    signaturePolicy: 'implied',
  });
  const unreadable = [CMS.commitmentType, CMS.signerLocation, CMS.mimeType, CMS.signaturePolicy].map((type) =>
    encodeAttribute(type, Buffer.from('0201ff', 'hex')),
  );
  const [mute] = (await deployment.validate(await sign({ attributes: unreadable }))).signatures;
  t.notOk('signedProperties' in mute);
});

t.test('finds issuers and statuses among the unsigned attributes', async (t) => {
  const root = await fixtureCa('Foreign Root');
  const ca = await fixtureCa('Foreign CA', root);
  const extensions = [...doctor.certificate.extensions.values()].slice(0, 4);
  const signer = await fixtureLeaf(ca, { extensions });
  const trust = new TrustStore({ anchors: [root.certificate], intermediates: [] });
  const bare = await signFreely({ content, holder: signer, signingTime: NOON });
  t.match(await deployment.validate(bare, { trust }), { subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' });
  const withIssuer = withUnsigned(bare, certificateValuesAttribute([ca.certificate.bytes]));
  t.match(await deployment.validate(withIssuer, { trust }), { subIndication: 'TRY_LATER' });
  const crls = [(await fixtureCrl(root)).bytes, (await fixtureCrl(ca)).bytes];
  const complete = withUnsigned(withIssuer, revocationValuesAttribute(crls));
  t.match(await deployment.validate(complete, { trust }), {
    ...PASSED,
    signatures: [{ level: { reached: 'B-B', missing: { level: 'B-T' } } }],
  });
});

t.test('validates a time stamp by openssl, years later', async (t) => {
  const long = { notAfter: new Date('2036-12-31T00:00:00Z') };
  const root = await fixtureCa('Long Root', undefined, long);
  const extensions = [...doctor.certificate.extensions.values()].slice(0, 4);
  const signer = await fixtureLeaf(root, { ...long, extensions });
  const stamper = await foreignStamper('Time Root');
  const { issuer, certificate, signer: stampKey, crl } = stamper;
  const cwd = t.testdir(opensslTsaFiles({ root: issuer, certificate, signer: stampKey }));
  const bare = await signFreely({ content, holder: signer, signingTime: NOON });
  writeFileSync(join(cwd, 'value.bin'), parseSignedData(bare).signerInfos[0].signature);
  runOpenssl(['ts', '-query', '-data', 'value.bin', '-sha256', '-cert', '-out', 'query.tsq'], { cwd });
  const reply = [
    '-reply',
    '-queryfile',
    'query.tsq',
    '-config',
    'tsa.cnf',
    '-token_out',
    '-out',
    'token.der',
  ];
  runOpenssl(['ts', ...reply], { cwd });
  const signerCrl = await fixtureCrl(root, { nextUpdate: long.notAfter });
  const stamped = withUnsigned(
    bare,
    encodeAttribute(CMS.signatureTimeStamp, readFileSync(join(cwd, 'token.der'))),
    revocationValuesAttribute([signerCrl.bytes, crl!]),
  );
  deployment.clock.set(new Date('2036-01-01T00:00:00Z'));
  t.teardown(() => deployment.clock.set(NOON));
  const trust = new TrustStore({
    anchors: [root.certificate],
    intermediates: [],
    timeStampAnchors: [issuer.certificate],
  });
  const report = await deployment.validate(stamped, { trust });
  t.match(report, PASSED);
  t.match(report.signatures[0], {
    level: { reached: 'B-LT', missing: { level: 'B-LTA' } },
    bestSignatureTime: { source: 'time-stamp' },
    timeStamps: [{ indication: 'TOTAL-PASSED', accuracyMilliseconds: 1500.1 }],
  });
});

t.test('finds each level that an augmentation claims, and not the next one', async (t) => {
  const unit = await deployment.issue(memorySigner(), { extensions: STAMPING_EXTENSIONS });
  const stamper = { ...unit, issuer: deployment.bronze };
  const crls = await Promise.all([deployment.root, deployment.bronze].map((ca) => fixtureCrl(ca)));
  const material = {
    certificates: [deployment.bronze.certificate.bytes],
    crls: crls.map(({ bytes }) => bytes),
    ocspResponses: [],
  };
  const ports = {
    timeStamper: {
      stamp: (digestName: DigestName, hash: Uint8Array) =>
        stamp(stamper, Buffer.from(hash), NOON, { digestName }),
    },
    material: { materialFor: async () => material },
  };
  for (const [index, level] of SIGNATURE_LEVELS.entries()) {
    const report = await deployment.validate(await augmentCades(await sign(), { level, ...ports }));
    t.match(report, { ...PASSED, reasons: [] }, level);
    const next = SIGNATURE_LEVELS.at(index + 1);
    const expected = { reached: level, ...(next && { missing: { level: next } }) };
    t.match(report.signatures[0].level, expected, level);
    if (!next) t.notOk('missing' in report.signatures[0].level);
  }
  const incomplete = { materialFor: async () => ({ ...material, crls: [crls[1].bytes] }) };
  const short = await augmentCades(await sign(), { level: 'B-LTA', ...ports, material: incomplete });
  t.match((await deployment.validate(short)).signatures[0].level, {
    reached: 'B-T',
    missing: { level: 'B-LT', text: /status/ },
  });
  const plain = await deployment.validate(
    opensslSign(t.testdir(signerFiles(doctor, deployment.bronze, content))),
  );
  t.same(plain.signatures[0].level, {
    missing: { level: 'B-B', text: 'the signature does not name its certificate by hash' },
  });
});

function sign(more: { attributes?: Buffer[] } = {}): Promise<Buffer> {
  return signFreely({ content, holder: doctor, signingTime: NOON, ...more });
}

/** A countersignature over the only signature of a document, with the certificate of its signer. */
async function counterSignature(
  signature: Buffer,
  holder: Holder,
  attributes: Buffer[] = [],
): Promise<Buffer> {
  const over = parseSignedData(signature).signerInfos[0].signature;
  return Buffer.concat([
    certificateValuesAttribute([holder.certificate.bytes]),
    encodeAttribute(CMS.countersignature, await counterValue(over, holder, { attributes })),
  ]);
}

/** A SignerInfo over a signature value (RFC 5652 §11.4), countersigned itself as many times as it shall be deep. */
async function counterValue(
  over: Buffer,
  holder: Holder,
  { attributes = [], deep = 1 }: { attributes?: Buffer[]; deep?: number } = {},
): Promise<Buffer> {
  const { signer, certificate } = holder;
  const signedAttributes = encodeSignedAttributes([
    encodeAttribute(CMS.messageDigest, asn1.octetString(digest('sha256', over))),
    signingCertificateV2Attribute(certificate),
    ...attributes,
  ]);
  const signature = await signer.sign(signedAttributes);
  const inner = deep > 1 ? await counterValue(signature, holder, { deep: deep - 1 }) : undefined;
  return asn1.sequence(
    asn1.integer(1),
    asn1.sequence(certificate.issuer.bytes, asn1.element(TAG.integer, certificate.serialNumber)),
    digestIdentifier('sha256'),
    asn1.implicit(0, signedAttributes),
    signatureAlgorithmIdentifier(signer.algorithm),
    asn1.octetString(signature),
    ...(inner ? [asn1.implicit(1, asn1.setOf(encodeAttribute(CMS.countersignature, inner)))] : []),
  );
}
