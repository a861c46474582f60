import { constants, generateKeyPairSync, privateEncrypt, sign as signWith } from 'node:crypto';

import fc from 'fast-check';
import t from 'tap';

import { encodeAttribute } from '../../pki/cms/attribute.ts';
import { encodeSignedAttributes, encodeSignedData } from '../../pki/cms/encode-signed-data.ts';
import { parseSignedData } from '../../pki/cms/signed-data.ts';
import { signingCertificateV2Attribute } from '../../pki/cms/signing-certificate-reference.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { openWhole } from '../../pki/der/decode.ts';
import { TAG } from '../../pki/der/tag.ts';
import { bigintOf } from '../../pki/der/values.ts';
import { digest, digestIdentifier } from '../../pki/digest-algorithm.ts';
import { ALG, CMS } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { signatureAlgorithmIdentifier } from '../../pki/signature-algorithm.ts';
import type { ValidationReport } from '../../validation/report.ts';
import { FixtureDeployment, NOON } from '../support/fixture-deployment.ts';
import type { Holder } from '../support/fixture-deployment.ts';
import {
  STAMPING_EXTENSIONS,
  archiveStamp,
  revocationValuesAttribute,
  signFreely,
  signatureStamp,
  withUnsigned,
} from '../support/fixture-stamps.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { elementMutations } from '../support/mutate-der.ts';
import { opensslSign, signerFiles } from '../support/openssl-signatures.ts';

// Whatever is done to a signature, it passes only while it says the same: who, what, with which key, and since when.

const content = Buffer.from('Rp. Warfarin 5 mg');
const deployment = await FixtureDeployment.create();
const doctor = await deployment.issue();
const unit = await deployment.issue(memorySigner(), { extensions: STAMPING_EXTENSIONS });
const stamper = { ...unit, issuer: deployment.bronze };
const BEFORE = new Date(NOON.getTime() - 3_600_000);

const enveloping = await signFreely({ content, holder: doctor, signingTime: BEFORE });
const stamped = withUnsigned(enveloping, await signatureStamp(enveloping, stamper, BEFORE));
const archived = withUnsigned(
  stamped,
  revocationValuesAttribute([]),
  await archiveStamp(withUnsigned(stamped, revocationValuesAttribute([])), stamper, NOON),
);

t.test('no bit of any packaging can be flipped and mean something else', async (t) => {
  const files = signerFiles(doctor, deployment.bronze, content);
  const cwd = t.testdir(files);
  const packagings: [string, Buffer, Buffer?][] = [
    ['enveloping', enveloping],
    ['stamped', stamped],
    ['archived', archived],
    ['streamed', opensslSign(cwd, ['-nodetach', '-cades', '-stream'])],
    ['detached', opensslSign(cwd, ['-cades']), content],
    ['without attributes', opensslSign(cwd, ['-nodetach', '-noattr'])],
    ['PEM', opensslSign(cwd, ['-nodetach', '-cades'], 'PEM')],
  ];
  for (const [name, bytes, document] of packagings) {
    const meaning = meaningOf(await deployment.validate(bytes, { ...(document && { content: document }) }));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const copy = Buffer.from(bytes);
        copy[at] ^= 1 << bit;
        const report = await reportOf(copy, document);
        return report?.indication !== 'TOTAL-PASSED' || isWeaker(meaningOf(report), meaning);
      }),
      { numRuns: 120 },
    );
    t.pass(name);
  }
});

t.test('no element can be taken out, doubled or emptied and mean something else', async (t) => {
  for (const [bytes, step] of [
    [enveloping, 1],
    [archived, 7],
  ] as const) {
    const meaning = meaningOf(await deployment.validate(bytes));
    for (const [index, { name, bytes: changed }] of [...elementMutations(bytes)].entries()) {
      if (index % step !== 0) continue;
      const report = await reportOf(changed);
      if (report?.indication !== 'TOTAL-PASSED') continue;
      if (!isWeaker(meaningOf(report), meaning)) t.fail(name);
      if (SIGNED_PARTS.some((part) => name.startsWith(part))) t.fail(`${name}, which is signed`);
    }
  }
});

/** Where the content, the signed attributes and the signature value stand in the fixtures. */
const SIGNED_PARTS = ['1.0.2.1', '1.0.4.0.3', '1.0.4.0.5'];

t.test('refuses ECDSA signatures that other libraries were found to take', async (t) => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  type Pair = { r: bigint; s: bigint };
  const encode = ({ r, s }: Pair) => asn1.sequence(integer(r), integer(s));
  const defects: Record<string, (pair: Pair, der: Buffer) => Buffer> = {
    'r is zero': ({ s }) => encode({ r: 0n, s }),
    's is zero': ({ r }) => encode({ r, s: 0n }),
    'both are zero': () => encode({ r: 0n, s: 0n }),
    'both are one': () => encode({ r: 1n, s: 1n }),
    'r is the order': ({ s }) => encode({ r: order, s }),
    's is the order': ({ r }) => encode({ r, s: order }),
    'r is above the order': ({ r, s }) => encode({ r: r + order, s }),
    's is above the order': ({ r, s }) => encode({ r, s: s + order }),
    'r is negative': ({ r, s }) => encode({ r: -r, s }),
    's is negative': ({ r, s }) => encode({ r, s: -s }),
    'r below zero by the order': ({ r, s }) => encode({ r: r - order, s }),
    'a needless zero before r': ({ r, s }) =>
      asn1.sequence(asn1.element(TAG.integer, Buffer.from([0]), integerContent(r)), integer(s)),
    'a length in long form': (_, der) =>
      Buffer.concat([Buffer.from([0x30, 0x81, der.length - 2]), der.subarray(2)]),
    'an indefinite length': (_, der) =>
      Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(2), Buffer.alloc(2)]),
    'octets after it': (_, der) => Buffer.concat([der, Buffer.from([0])]),
    'a third integer': ({ r, s }) => asn1.sequence(integer(r), integer(s), integer(0n)),
    'r alone': ({ r }) => asn1.sequence(integer(r)),
    'no DER at all': ({ r, s }) => Buffer.concat([octets32(r), octets32(s)]),
    nothing: () => Buffer.alloc(0),
    'an empty sequence': () => asn1.sequence(),
  };
  for (const [name, defect] of Object.entries(defects)) {
    const signature = await signedBy(doctor, (der) => {
      const fields = openWhole(der);
      const pair = { r: bigintOf(fields.read(TAG.integer)), s: bigintOf(fields.read(TAG.integer)) };
      return defect(pair, der);
    });
    t.match(await deployment.validate(signature), { subIndication: 'SIG_CRYPTO_FAILURE' }, name);
  }
  t.match(await deployment.validate(await signedBy(doctor, (der) => der)), { indication: 'TOTAL-PASSED' });
});

t.test('refuses RSA signatures whose padding is not the one', async (t) => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const holder = await deployment.issue(memorySigner(key, 'rsa-sha256'));
  const raw = (block: Buffer) => privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
  const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const withoutNull = Buffer.from('302f300b0609608648016503040201 0420'.replace(' ', ''), 'hex');
  const block = (info: Buffer, { type = 1, fill = 0xff, after = Buffer.alloc(0), padding = -1 } = {}) => {
    const length = padding >= 0 ? padding : 253 - info.length - after.length;
    const head = Buffer.concat([
      Buffer.from([0, type]),
      Buffer.alloc(length, fill),
      Buffer.from([0]),
      info,
      after,
    ]);
    return Buffer.concat([head, Buffer.alloc(256 - head.length, 0xaa)]);
  };
  const defects: Record<string, (info: Buffer, hash: Buffer) => Buffer> = {
    'garbage after the hash': (info) => raw(block(info, { padding: 8 })),
    'block type 2': (info) => raw(block(info, { type: 2 })),
    'block type 0': (info) => raw(block(info, { type: 0, fill: 0 })),
    'other octets in the padding': (info) => raw(block(info, { fill: 0xfe })),
    'no digest info': (_, hash) => raw(block(hash)),
    'parameters left out': (_, hash) => raw(block(Buffer.concat([withoutNull, hash]))),
    'a shorter hash': (_, hash) => raw(block(Buffer.concat([prefix, hash.subarray(1)]))),
    'a zero before it': (info) => Buffer.concat([Buffer.alloc(1), raw(block(info))]),
    'one octet short': (info) => raw(block(info)).subarray(1),
    'all zeros': () => Buffer.alloc(256),
    one: () => Buffer.concat([Buffer.alloc(255), Buffer.from([1])]),
  };
  for (const [name, defect] of Object.entries(defects)) {
    const signature = await signedBy(holder, (_, message) => {
      const hash = digest('sha256', message);
      return defect(Buffer.concat([prefix, hash]), hash);
    });
    t.match(await deployment.validate(signature), { subIndication: 'SIG_CRYPTO_FAILURE' }, name);
  }
  const right = await signedBy(holder, (_, message) =>
    raw(block(Buffer.concat([prefix, digest('sha256', message)]))),
  );
  t.match(await deployment.validate(right), { indication: 'TOTAL-PASSED' }, 'the padding that it must have');
});

t.test('takes RSA-PSS as its parameters say and no other way', async (t) => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const holder = await deployment.issue(memorySigner(key, 'rsa-pss-sha256'));
  const pss =
    (saltLength: number, digestName = 'sha256') =>
    (_: Buffer, message: Buffer) =>
      signWith(digestName, message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
  t.match(await deployment.validate(await signedBy(holder, pss(32))), { indication: 'TOTAL-PASSED' });
  const wrong: Record<string, (der: Buffer, message: Buffer) => Buffer> = {
    'no salt': pss(0),
    'a shorter salt': pss(31),
    'a longer salt': pss(33),
    'another digest': pss(32, 'sha384'),
    'PKCS #1 v1.5': (_, message) => signWith('sha256', message, key),
  };
  for (const [name, make] of Object.entries(wrong))
    t.match(
      await deployment.validate(await signedBy(holder, make)),
      { subIndication: 'SIG_CRYPTO_FAILURE' },
      name,
    );
  const hash = asn1.sequence(asn1.oid(ALG.sha256));
  const mgf = (name: string) => asn1.sequence(asn1.oid(ALG.mgf1), asn1.sequence(asn1.oid(name)));
  const parameters: Record<string, Buffer[]> = {
    'another trailer': [asn1.explicit(3, asn1.integer(2))],
    'MGF1 with another digest': [asn1.explicit(1, mgf(ALG.sha1))],
    'a salt of a megabyte': [asn1.explicit(2, asn1.integer(1_000_000))],
    'a negative salt': [asn1.explicit(2, asn1.integer(-1))],
  };
  const usual = [
    asn1.explicit(0, hash),
    asn1.explicit(1, mgf(ALG.sha256)),
    asn1.explicit(2, asn1.integer(32)),
  ];
  for (const [name, changed] of Object.entries(parameters)) {
    const tags = changed.map((field) => field[0]);
    const fields = [...usual.filter((field) => !tags.includes(field[0])), ...changed];
    const algorithm = asn1.sequence(
      asn1.oid(ALG.rsassaPss),
      asn1.sequence(...fields.sort((a, b) => a[0] - b[0])),
    );
    const signature = await signedBy(holder, pss(32), algorithm);
    t.match(
      await deployment.validate(signature),
      { indication: 'INDETERMINATE', cryptographic: 'NOT_CHECKED' },
      name,
    );
  }
});

t.test('spends little on a document that is made to be expensive', async (t) => {
  const tokens = Array.from(
    { length: 60 },
    () => parseSignedData(stamped).signerInfos[0].unsignedAttributes[0].values[0],
  );
  const crowded = withUnsigned(enveloping, encodeAttribute(CMS.signatureTimeStamp, ...tokens));
  const report = await deployment.validate(crowded);
  t.match(report, {
    indication: 'TOTAL-PASSED',
    reasons: [{ code: 'time-stamp-not-counted', text: /beyond the first 32/ }],
  });
  t.equal(report.signatures[0].timeStamps.length, 32);
  const started = process.cpuUsage();
  let nest = asn1.sequence(asn1.NULL);
  for (let depth = 0; depth < 2_000; depth += 1) nest = asn1.sequence(nest);
  const bombs = [
    CMS.certificateValues,
    CMS.revocationValues,
    CMS.countersignature,
    CMS.signatureTimeStamp,
    CMS.archiveTimeStampV3,
  ];
  for (const type of bombs) {
    const values = Buffer.alloc(1_000_000, Buffer.from('3000', 'hex'));
    for (const value of [nest, asn1.sequence(values), asn1.sequence(asn1.explicit(0, asn1.sequence(values)))])
      t.match(
        await deployment.validate(withUnsigned(enveloping, encodeAttribute(type, value))),
        { indication: 'TOTAL-PASSED' },
        type,
      );
  }
  t.ok(process.cpuUsage(started).user < 15 * 500_000, 'half a second each');
});

/** Who, what, by which algorithms, and when. */
function meaningOf(report: ValidationReport): object {
  return report.signatures.map((signature) => ({
    certificate: signature.certificate?.fingerprint,
    algorithms: signature.algorithms,
    claimedSigningTime: signature.claimedSigningTime,
    signedProperties: signature.signedProperties,
    at: signature.bestSignatureTime.at,
  }));
}

/** The same, but for a proof of existence that is lost: a time stamp is not signed by whom it serves. */
function isWeaker(meaning: object, original: object): boolean {
  const [found, [expected]] = [meaning, original].map((one) => one as { at: string }[]);
  const { at: originally, ...facts } = expected;
  // The same signature twice is no other one.
  return found.every(({ at, ...same }) => JSON.stringify(same) === JSON.stringify(facts) && at >= originally);
}

async function reportOf(signature: Buffer, document?: Buffer): Promise<ValidationReport | undefined> {
  try {
    return await deployment.validate(signature, { ...(document && { content: document }) });
  } catch (cause) {
    if (cause instanceof PkiError && cause.code === 'cms-malformed') return undefined;
    throw cause;
  }
}

/** A signature whose value is changed after it was made. */
async function signedBy(
  { signer, certificate }: Holder,
  change: (signature: Buffer, message: Buffer) => Buffer,
  signatureAlgorithm: Buffer = signatureAlgorithmIdentifier(signer.algorithm),
): Promise<Buffer> {
  const signedAttributes = [
    encodeAttribute(CMS.contentType, asn1.oid(CMS.data)),
    encodeAttribute(CMS.messageDigest, asn1.octetString(digest('sha256', content))),
    signingCertificateV2Attribute(certificate),
  ];
  const message = encodeSignedAttributes(signedAttributes);
  const signature = change(await signer.sign(message), message);
  return encodeSignedData({
    content,
    certificates: [certificate.bytes],
    signerInfos: [
      {
        certificate,
        digestAlgorithm: digestIdentifier('sha256'),
        signedAttributes,
        signatureAlgorithm,
        signature,
      },
    ],
  });
}

function integer(value: bigint): Buffer {
  return asn1.element(TAG.integer, integerContent(value));
}

/** Two's complement, as short as it can be. */
function integerContent(value: bigint): Buffer {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length += 1;
  const hex = BigInt.asUintN(length * 8, value).toString(16);
  return Buffer.from(hex.padStart(length * 2, '0'), 'hex');
}

function octets32(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}
