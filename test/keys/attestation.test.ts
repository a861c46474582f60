import t from 'tap';

import { AttestationError } from '../../keys/attestation/attestation-error.ts';
import { AUTHORIZATION, KEY_DESCRIPTION } from '../../keys/attestation/android-key-description.ts';
import { parseAndroidStatusList, serialText } from '../../keys/attestation/android-status-list.ts';
import type { AttestationPolicy } from '../../keys/attestation/attestation-policy.ts';
import { readCbor } from '../../keys/attestation/cbor-reader.ts';
import { judgeKeyAttestation } from '../../keys/attestation/judge-key-attestation.ts';
import {
  STATEMENT_PARTS_MAX,
  assertKeyAttestation,
  attestationChallenge,
  encodeKeyAttestation,
  parseKeyAttestation,
} from '../../pki/attestation/key-attestation.ts';
import type { AttestationFormat } from '../../pki/attestation/key-attestation.ts';
import * as asn1 from '../../pki/der/encode.ts';
import { basicConstraintsExtension } from '../../pki/extensions/basic-constraints.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import {
  APP,
  androidStatement,
  appleStatement,
  applicationId,
  cbor,
  keyDescription,
  manufacturer,
  nonceExtension,
  policyOf,
  rootOfTrust,
  tagged,
} from '../support/attestations.ts';
import type { AndroidDevice, AppleDevice, CborInput } from '../support/attestations.ts';
import { memorySigner } from '../support/memory-signer.ts';

const NOW = new Date('2026-06-01T12:00:00Z');
const ORIGIN = 'application:test';
const nonce = Buffer.alloc(32, 5);
const challenge = attestationChallenge(nonce, ORIGIN);
const { subjectPublicKeyInfo } = memorySigner();
const key = { subjectPublicKeyInfo, challenge };
const maker = await manufacturer();
const policy = policyOf(maker);
const int = (value: number) => asn1.integer(value);

interface Asked {
  policy?: AttestationPolicy;
  now?: Date;
  subject?: string;
  subjectPublicKeyInfo?: Buffer;
}

function judge(format: AttestationFormat, statement: readonly Buffer[], asked: Asked = {}) {
  const attestation = { format, statement, nonce };
  return judgeKeyAttestation(asked.policy ?? policy, {
    attestation,
    subjectPublicKeyInfo,
    subject: ORIGIN,
    now: NOW,
    ...asked,
  });
}

const android = async (device: Partial<AndroidDevice> = {}, asked: Asked = {}) =>
  judge('android-key', await androidStatement(maker, key, device), asked);
const apple = async (device: Partial<AppleDevice> = {}, asked: Asked = {}) =>
  judge('apple-appattest', await appleStatement(maker, key, device), asked);
const androidPolicy = (override: Partial<NonNullable<AttestationPolicy['android']>>): Asked => ({
  policy: { android: { ...policy.android, ...override } },
});

t.test('an Android key', async (t) => {
  for (const version of [1, 2, 3, 4, 100, 200, 300, 400])
    t.strictSame(await android({ version }), { hardware: 'trusted-environment' }, `version ${version}`);
  t.strictSame(await android({ keyLevel: 2, attestationLevel: 2 }), { hardware: 'strongbox' });
  t.strictSame(await android({ keyLevel: 2 }), { hardware: 'trusted-environment' }, 'the weaker of both');
  t.strictSame(
    await android({ hardware: { [AUTHORIZATION.ecCurve]: undefined } }),
    { hardware: 'trusted-environment' },
    'Keymaster 2 names no curve',
  );
  const [leaf, issuer] = await androidStatement(maker, key);
  t.strictSame(judge('android-key', [leaf, issuer]), { hardware: 'trusted-environment' }, 'without the root');
  const patched = { hardware: { [AUTHORIZATION.osPatchLevel]: int(20_260_105) } };
  t.strictSame(await android(patched), { hardware: 'trusted-environment' }, 'a patch level with its day');
});

const oneTwice = tagged(AUTHORIZATION.origin, int(0));
const { allApplications, osPatchLevel, origin, purpose, algorithm, keySize, ecCurve } = AUTHORIZATION;
const app = AUTHORIZATION.attestationApplicationId;
const boot = AUTHORIZATION.rootOfTrust;

const androidRefusals: [name: string, fault: string, device: Partial<AndroidDevice>, asked?: Asked][] = [
  ['of another application', 'attestation-challenge', {}, { subject: 'application:other' }],
  ['with another challenge', 'attestation-challenge', { challenge: Buffer.from('another') }],
  ['of another key', 'attestation-key', {}, { subjectPublicKeyInfo: memorySigner().subjectPublicKeyInfo }],
  ['of software', 'attestation-level', { keyLevel: 0 }],
  ['attested by software', 'attestation-level', { attestationLevel: 0 }],
  ['of a level that nobody knows', 'attestation-level', { keyLevel: 3 }],
  ['of a version that nobody knows', 'attestation-version', { version: 500 }],
  ['on an unlocked device', 'attestation-boot', { hardware: { [boot]: rootOfTrust(false) } }],
  ['on a self-signed system', 'attestation-boot', { hardware: { [boot]: rootOfTrust(true, 1) } }],
  ['on an unverified system', 'attestation-boot', { hardware: { [boot]: rootOfTrust(true, 2) } }],
  [
    'whose boot state Android alone tells',
    'attestation-boot',
    { hardware: { [boot]: undefined }, software: { [boot]: rootOfTrust() } },
  ],
  ['that decrypts too', 'attestation-purpose', { hardware: { [purpose]: asn1.setOf(int(1), int(2)) } }],
  ['that attests keys', 'attestation-purpose', { hardware: { [purpose]: asn1.setOf(int(7)) } }],
  ['of no purpose', 'attestation-purpose', { hardware: { [purpose]: undefined } }],
  ['that was imported', 'attestation-origin', { hardware: { [origin]: int(2) } }],
  [
    'whose origin Android alone tells',
    'attestation-origin',
    { hardware: { [origin]: undefined }, software: { [origin]: int(0) } },
  ],
  ['of another algorithm', 'attestation-algorithm', { hardware: { [algorithm]: int(1) } }],
  ['of another size', 'attestation-algorithm', { hardware: { [keySize]: int(384) } }],
  ['of another curve', 'attestation-algorithm', { hardware: { [ecCurve]: int(2) } }],
  ['for all apps', 'attestation-all-applications', { hardware: { [allApplications]: asn1.NULL } }],
  [
    'for all apps, as Android says',
    'attestation-all-applications',
    { software: { [allApplications]: asn1.NULL } },
  ],
  ['of another app', 'attestation-application', { software: { [app]: applicationId('ir.example.other') } }],
  [
    'of an app that another has signed',
    'attestation-application',
    { software: { [app]: applicationId(APP.packageName, [Buffer.alloc(32, 8)]) } },
  ],
  [
    'of an app that another has signed too',
    'attestation-application',
    { software: { [app]: applicationId(APP.packageName, [...APP.signerSha256, Buffer.alloc(32, 8)]) } },
  ],
  [
    'of an app without a signer',
    'attestation-application',
    { software: { [app]: applicationId(APP.packageName, []) } },
  ],
  ['of no app', 'attestation-application', { software: { [app]: undefined } }],
  ['on an old system', 'attestation-patch-level', { hardware: { [osPatchLevel]: int(202_512) } }],
  ['on a system that tells no level', 'attestation-patch-level', { hardware: { [osPatchLevel]: undefined } }],
  ['without a description', 'attestation-extension', { extensions: [] }],
  [
    'with a description that cannot be read',
    'attestation-unreadable',
    { extensions: [{ oid: KEY_DESCRIPTION, critical: false, value: Buffer.from('3000', 'hex') }] },
  ],
  ['with a value of the wrong type', 'attestation-unreadable', { hardware: { [origin]: asn1.NULL } }],
  [
    'with two values in one tag',
    'attestation-unreadable',
    { hardware: { [origin]: Buffer.concat([int(0), int(0)]) } },
  ],
  ['on a withdrawn device', 'attestation-revoked', {}, androidPolicy({ statuses: new Set(['1']) })],
  [
    'of a withdrawn batch',
    'attestation-revoked',
    {},
    androidPolicy({ statuses: new Set([serialText(maker.issuer.serialNumber)]) }),
  ],
  ['without a fresh list', 'attestation-status-outdated', {}, androidPolicy({ statuses: 'outdated' })],
  ['of no configured app', 'attestation-application', {}, androidPolicy({ apps: [] })],
  ['of another maker', 'attestation-root', {}, androidPolicy({ roots: [(await manufacturer()).root] })],
  ['where no Android counts', 'attestation-not-configured', {}, { policy: {} }],
  ['before its maker', 'attestation-expired', {}, { now: new Date('2025-12-31T23:59:59Z') }],
  ['after its maker', 'attestation-expired', {}, { now: new Date('2027-01-01T00:00:00Z') }],
  ['that has expired', 'attestation-expired', { leaf: { notAfter: new Date(NOW.getTime() - 1000) } }],
  [
    'with a critical extension that nobody knows',
    'attestation-chain',
    {
      extensions: [
        { oid: KEY_DESCRIPTION, critical: false, value: Buffer.alloc(0) },
        { oid: '2.999.1', critical: true, value: asn1.NULL },
      ],
    },
  ],
];

t.test('no hardware holds an Android key', async (t) => {
  for (const [name, fault, device, asked] of androidRefusals)
    t.strictSame(await android(device, asked), { fault }, name);
  t.strictSame(
    await android({ leaf: { notAfter: NOW } }),
    { hardware: 'trusted-environment' },
    'its last second',
  );
});

t.test('certificates of a device are a chain', async (t) => {
  const statement = await androidStatement(maker, key);
  const [leaf, issuer, root] = statement;
  const swap = (index: number, other: Buffer) => statement.map((one, at) => (at === index ? other : one));
  const foreign = await manufacturer();
  t.strictSame(judge('android-key', [leaf]), { fault: 'attestation-root' }, 'the leaf alone');
  t.strictSame(judge('android-key', [root]), { fault: 'attestation-extension' }, 'the root alone');
  t.strictSame(judge('android-key', swap(1, foreign.issuer.bytes)), { fault: 'attestation-root' });
  t.strictSame(judge('android-key', [leaf, root, issuer]), { fault: 'attestation-chain' }, 'out of order');
  const flipped = Buffer.from(leaf);
  flipped[flipped.length - 1] ^= 1;
  t.match(judge('android-key', swap(0, flipped)), { fault: /attestation-(chain|unreadable)/ });
  t.strictSame(judge('android-key', swap(0, leaf.subarray(1))), { fault: 'attestation-unreadable' });
  t.strictSame(judge('android-key', swap(0, Buffer.alloc(0))), { fault: 'attestation-unreadable' });

  const of = async (made: typeof maker) =>
    judge('android-key', await androidStatement(made, key), { policy: policyOf(made) });
  const device = await manufacturer({ extensions: [basicConstraintsExtension({ ca: false })] });
  t.strictSame(await of(device), { fault: 'attestation-chain' }, 'an issuer that is no CA');
  t.strictSame(await of(await manufacturer({ extensions: [] })), { fault: 'attestation-chain' });
  const crlOnly = [basicConstraintsExtension({ ca: true }), keyUsageExtension(['cRLSign'])];
  t.strictSame(await of(await manufacturer({ extensions: crlOnly })), { fault: 'attestation-chain' });

  // A key that attests others signs a description of one that it never saw.
  const described = {
    oid: KEY_DESCRIPTION,
    critical: false,
    value: keyDescription({
      version: 300,
      attestationLevel: 1,
      keyLevel: 1,
      challenge,
      hardware: {},
      software: {},
      leaf: {},
    }),
  };
  const attesting = await manufacturer({ extensions: [basicConstraintsExtension({ ca: true }), described] });
  t.strictSame(await of(attesting), { fault: 'attestation-extension' }, 'two descriptions');
});

t.test('an authorization that stands there twice is believed by nobody', async (t) => {
  const [leaf, ...others] = await androidStatement(maker, key, { hardware: { [origin]: undefined } });
  t.strictSame(judge('android-key', [leaf, ...others]), { fault: 'attestation-origin' });
  const twice = { [origin]: int(0), [AUTHORIZATION.osPatchLevel]: Buffer.concat([int(202_605), oneTwice]) };
  t.strictSame(await android({ hardware: twice }), { fault: 'attestation-unreadable' });
  const value = keyDescription({
    version: 300,
    attestationLevel: 1,
    keyLevel: 1,
    challenge,
    hardware: {},
    software: {},
    leaf: {},
  });
  const doubled = asn1.sequence(oneTwice, oneTwice);
  const extensions = [
    { oid: KEY_DESCRIPTION, critical: false, value: asn1.sequence(value.subarray(2, -2), doubled) },
  ];
  t.strictSame(await android({ extensions }), { fault: 'attestation-unreadable' });
});

const appleRefusals: [name: string, fault: string, device: Partial<AppleDevice>, asked?: Asked][] = [
  ['of another application', 'attestation-challenge', {}, { subject: 'application:other' }],
  [
    'for another key',
    'attestation-challenge',
    {},
    { subjectPublicKeyInfo: memorySigner().subjectPublicKeyInfo },
  ],
  ['with another nonce', 'attestation-challenge', { extensions: [nonceExtension(Buffer.alloc(32))] }],
  ['without a nonce', 'attestation-extension', { extensions: [] }],
  ['of another app', 'attestation-application', { appId: 'ABCDE12345.ir.example.other' }],
  ['with a key that was used', 'attestation-counter', { counter: 1 }],
  ['of a build for development', 'attestation-environment', { environment: 'appattestdevelop' }],
  ['with the id of another key', 'attestation-key', { credentialId: Buffer.alloc(32, 3) }],
  ['of another format', 'attestation-unreadable', { format: 'packed' }],
  ['that has expired', 'attestation-expired', { leaf: { notAfter: new Date(NOW.getTime() - 1000) } }],
  ['of another maker', 'attestation-root', {}, { policy: policyOf(await manufacturer()) }],
  ['where no iOS counts', 'attestation-not-configured', {}, { policy: {} }],
];

t.test('an iOS key', async (t) => {
  t.strictSame(await apple(), { hardware: 'secure-enclave' });
  for (const [name, fault, device, asked] of appleRefusals)
    t.strictSame(await apple(device, asked), { fault }, name);
  const [object] = await appleStatement(maker, key);
  const unreadable = { fault: 'attestation-unreadable' };
  t.strictSame(judge('apple-appattest', [object, object]), unreadable, 'two objects');
  t.strictSame(judge('apple-appattest', [Buffer.concat([object, Buffer.from([0])])]), unreadable);
  for (let octets = 0; octets < 60; octets += 1)
    t.strictSame(judge('apple-appattest', [object.subarray(0, octets)]), unreadable);
  const map = (...pairs: [CborInput, CborInput][]) => new Map(pairs);
  const format: [CborInput, CborInput] = ['fmt', 'apple-appattest'];
  const certificates: [CborInput, CborInput] = ['attStmt', map(['x5c', [Buffer.from([0])]])];
  const parts: [string, CborInput][] = [
    ['no map', 1],
    ['no statement', map(format)],
    ['no certificates', map(format, ['attStmt', map()])],
    ['an empty chain', map(format, ['attStmt', map(['x5c', []])], ['authData', Buffer.alloc(60)])],
    ['cut authenticator data', map(format, certificates, ['authData', Buffer.alloc(54)])],
    ['a credential that is cut', map(format, certificates, ['authData', Buffer.alloc(60, 1)])],
  ];
  for (const [name, value] of parts) t.strictSame(judge('apple-appattest', [cbor(value)]), unreadable, name);
});

t.test('CBOR', async (t) => {
  const read: [hex: string, value: unknown][] = [
    ['00', 0],
    ['1818', 24],
    ['190100', 256],
    ['1a00010000', 65_536],
    ['6161', 'a'],
    ['80', []],
    ['8161' + '62', ['b']],
  ];
  for (const [hex, value] of read) t.strictSame(readCbor(Buffer.from(hex, 'hex')), value, hex);
  const refused = [
    '',
    '20',
    'c000',
    'f4',
    '5f',
    '9fff',
    '1b0000000000000001',
    '61',
    '42',
    'a1',
    'a2610061006100',
    'a14000',
    '9a00010000',
    '81'.repeat(12) + '00',
    '0000',
  ];
  for (const hex of refused)
    t.throws(() => readCbor(Buffer.from(hex, 'hex')), { code: 'attestation-unreadable' }, hex);
});

t.test('the list of withdrawn devices', async (t) => {
  const text = JSON.stringify({
    entries: { '00AB12': { status: 'REVOKED' }, cc66: { status: 'SOMETHING_NEW' } },
  });
  t.strictSame([...parseAndroidStatusList(text)], ['ab12', 'cc66']);
  t.equal(serialText(Buffer.from('00ab12', 'hex')), 'ab12');
  for (const wrong of [
    '',
    '[]',
    '{}',
    '{"entries": []}',
    '{"entries": {"xyz": {}}}',
    `{"entries": {"${'a'.repeat(41)}": {}}}`,
  ])
    t.throws(() => parseAndroidStatusList(wrong), AttestationError, wrong);
});

t.test('an attestation as it is kept', async (t) => {
  const attestation = {
    format: 'android-key' as const,
    nonce,
    statement: await androidStatement(maker, key),
  };
  t.strictSame(parseKeyAttestation(encodeKeyAttestation(attestation)), attestation);
  const code = 'attestation-malformed';
  for (const wrong of ['', '[]', '{}', '{"format":"tpm","nonce":"","statement":[]}'])
    t.throws(() => parseKeyAttestation(Buffer.from(wrong)), { code }, wrong);
  const sizes: [string, Partial<typeof attestation>][] = [
    ['no part', { statement: [] }],
    ['too many parts', { statement: Array<Buffer>(STATEMENT_PARTS_MAX + 1).fill(Buffer.alloc(1)) }],
    ['too much', { statement: [Buffer.alloc(49_153)] }],
    ['a short nonce', { nonce: Buffer.alloc(31) }],
  ];
  for (const [name, override] of sizes)
    t.throws(() => assertKeyAttestation({ ...attestation, ...override }), { code }, name);
  t.notSame(attestationChallenge(nonce, 'application:a'), attestationChallenge(nonce, 'application:b'));
});
