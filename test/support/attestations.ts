import { createHash } from 'node:crypto';

import { APP_ATTEST_NONCE, clientDataHash } from '../../keys/attestation/judge-app-attest.ts';
import { AUTHORIZATION, KEY_DESCRIPTION } from '../../keys/attestation/android-key-description.ts';
import type { AttestationPolicy } from '../../keys/attestation/attestation-policy.ts';
import type { Certificate } from '../../pki/certificate.ts';
import * as asn1 from '../../pki/der/encode.ts';
import type { Extension } from '../../pki/extension.ts';
import { AT } from '../../pki/oid.ts';
import { authorityTemplate, fixtureCertificate } from './fixture-certificate.ts';
import type { CertificateTemplate } from './fixture-certificate.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';

// Devices as their manufacturers would make them, from roots of our own. What a test is about is overridden.

/** A root and a CA of a manufacturer, in force throughout 2026. */
export interface Manufacturer {
  root: Certificate;
  issuer: Certificate;
  issuerSigner: MemorySigner;
}

export async function manufacturer(overrides: Partial<CertificateTemplate> = {}): Promise<Manufacturer> {
  const [rootSigner, issuerSigner] = [memorySigner(), memorySigner()];
  const root = await fixtureCertificate(authorityTemplate('Maker Root', rootSigner), { signer: rootSigner });
  const template = { ...authorityTemplate('Maker Devices', issuerSigner, 0), ...overrides };
  const issuer = await fixtureCertificate(template, { certificate: root, signer: rootSigner });
  return { root, issuer, issuerSigner };
}

export const APP = { packageName: 'ir.example.mohr', signerSha256: [Buffer.alloc(32, 7)] };
export const APPLE_APP_ID = 'ABCDE12345.ir.example.mohr';

/** What accepts the devices of one manufacturer. */
export function policyOf({ root }: Manufacturer): Required<AttestationPolicy> {
  return {
    android: { roots: [root], apps: [APP], patchLevelMin: 202601, statuses: new Set() },
    apple: { roots: [root], appIds: [APPLE_APP_ID] },
  };
}

/** Tag number to contents; undefined leaves an authorization out. */
export type Authorizations = Record<number, Buffer | undefined>;

export interface AndroidDevice {
  version: number;
  attestationLevel: number;
  keyLevel: number;
  challenge: Buffer;
  hardware: Authorizations;
  software: Authorizations;
  leaf: Partial<CertificateTemplate>;
  /** Extensions of the leaf, in place of the description. */
  extensions?: readonly Extension[];
}

const int = (value: number) => asn1.integer(value);

export function rootOfTrust(isLocked = true, bootState = 0): Buffer {
  const octets = Buffer.alloc(32, 1);
  return asn1.sequence(
    asn1.octetString(octets),
    asn1.boolean(isLocked),
    asn1.enumerated(bootState),
    asn1.octetString(octets),
  );
}

export function applicationId(packageName = APP.packageName, signers = APP.signerSha256): Buffer {
  const info = asn1.sequence(asn1.octetString(Buffer.from(packageName)), int(1));
  return asn1.octetString(
    asn1.sequence(asn1.setOf(info), asn1.setOf(...signers.map((signer) => asn1.octetString(signer)))),
  );
}

const HARDWARE: Authorizations = {
  [AUTHORIZATION.purpose]: asn1.setOf(int(2)),
  [AUTHORIZATION.algorithm]: int(3),
  [AUTHORIZATION.keySize]: int(256),
  5: asn1.setOf(int(4)),
  [AUTHORIZATION.ecCurve]: int(1),
  503: asn1.NULL,
  [AUTHORIZATION.origin]: int(0),
  [AUTHORIZATION.rootOfTrust]: rootOfTrust(),
  705: int(160_000),
  [AUTHORIZATION.osPatchLevel]: int(202_605),
};
const SOFTWARE: Authorizations = {
  701: int(1_780_000_000_000),
  [AUTHORIZATION.attestationApplicationId]: applicationId(),
};

/** The certificates that a device sends for a key, its own first. */
export async function androidStatement(
  { issuer, issuerSigner, root }: Manufacturer,
  key: { subjectPublicKeyInfo: Buffer; challenge: Buffer },
  overrides: Partial<AndroidDevice> = {},
): Promise<Buffer[]> {
  const device: AndroidDevice = {
    version: 300,
    attestationLevel: 1,
    keyLevel: 1,
    challenge: key.challenge,
    leaf: {},
    ...overrides,
    hardware: { ...HARDWARE, ...overrides.hardware },
    software: { ...SOFTWARE, ...overrides.software },
  };
  const template: CertificateTemplate = {
    subject: [{ type: AT.commonName, value: 'Android Keystore Key' }],
    subjectPublicKeyInfo: key.subjectPublicKeyInfo,
    notBefore: new Date('1970-01-01T00:00:00Z'),
    notAfter: new Date('2048-01-01T00:00:00Z'),
    serialNumber: Buffer.from([1]),
    extensions: device.extensions ?? [
      { oid: KEY_DESCRIPTION, critical: false, value: keyDescription(device) },
    ],
    ...device.leaf,
  };
  const leaf = await fixtureCertificate(template, { certificate: issuer, signer: issuerSigner });
  return [leaf.bytes, issuer.bytes, root.bytes];
}

export function keyDescription(device: AndroidDevice): Buffer {
  return asn1.sequence(
    int(device.version),
    asn1.enumerated(device.attestationLevel),
    int(device.version),
    asn1.enumerated(device.keyLevel),
    asn1.octetString(device.challenge),
    asn1.octetString(Buffer.alloc(0)),
    authorizationList(device.software),
    authorizationList(device.hardware),
  );
}

function authorizationList(authorizations: Authorizations): Buffer {
  const inOrder = Object.entries(authorizations).sort(([a], [b]) => Number(a) - Number(b));
  return asn1.sequence(
    ...inOrder.flatMap(([number, contents]) => (contents ? [tagged(Number(number), contents)] : [])),
  );
}

/** [n] EXPLICIT, with the long form of the identifier where the number needs it (X.690 §8.1.2.4). */
export function tagged(number: number, contents: Buffer): Buffer {
  if (number < 31) return asn1.explicit(number, contents);
  const identifier = Buffer.from([0xbf, 0x80 | (number >> 7), number & 0x7f]);
  return Buffer.concat([identifier, asn1.element(0x30, contents).subarray(1)]);
}

export interface AppleDevice {
  appId: string;
  counter: number;
  environment: string;
  clientDataHash: Buffer;
  credentialId?: Buffer;
  format: string;
  /** Extensions of the leaf, in place of the nonce. */
  extensions?: readonly Extension[];
  leaf: Partial<CertificateTemplate>;
}

/** The attestation object that Apple makes for an app of ours, which hands it a hash of challenge and key. */
export async function appleStatement(
  { issuer, issuerSigner }: Manufacturer,
  key: { subjectPublicKeyInfo: Buffer; challenge: Buffer },
  overrides: Partial<AppleDevice> = {},
): Promise<Buffer[]> {
  const device: AppleDevice = {
    appId: APPLE_APP_ID,
    counter: 0,
    environment: 'appattest',
    clientDataHash: clientDataHash(key.challenge, key.subjectPublicKeyInfo),
    format: 'apple-appattest',
    leaf: {},
    ...overrides,
  };
  const appKey = memorySigner();
  const credentialId = device.credentialId ?? sha256(appKey.subjectPublicKeyInfo.subarray(-65));
  const authenticatorData = Buffer.concat([
    sha256(Buffer.from(device.appId)),
    Buffer.from([0x40]),
    uint(device.counter, 4),
    Buffer.from(device.environment.padEnd(16, '\0')),
    uint(credentialId.length, 2),
    credentialId,
    cbor(new Map<CborInput, CborInput>([[1, 2]])),
  ]);
  const nonce = sha256(Buffer.concat([authenticatorData, device.clientDataHash]));
  const leaf = await fixtureCertificate(
    {
      subject: [{ type: AT.commonName, value: 'app key' }],
      subjectPublicKeyInfo: appKey.subjectPublicKeyInfo,
      notBefore: issuer.notBefore,
      notAfter: issuer.notAfter,
      serialNumber: Buffer.from([2]),
      extensions: device.extensions ?? [nonceExtension(nonce)],
      ...device.leaf,
    },
    { certificate: issuer, signer: issuerSigner },
  );
  const statement = new Map<CborInput, CborInput>([
    ['x5c', [leaf.bytes, issuer.bytes]],
    ['receipt', Buffer.alloc(300, 9)],
  ]);
  return [
    cbor(
      new Map<CborInput, CborInput>([
        ['fmt', device.format],
        ['attStmt', statement],
        ['authData', authenticatorData],
      ]),
    ),
  ];
}

export function nonceExtension(nonce: Buffer): Extension {
  const value = asn1.sequence(asn1.explicit(1, asn1.octetString(nonce)));
  return { oid: APP_ATTEST_NONCE, critical: false, value };
}

export type CborInput = number | string | Buffer | CborInput[] | Map<CborInput, CborInput>;

/** RFC 8949, the types of attestation objects. */
export function cbor(value: CborInput): Buffer {
  if (typeof value === 'number') return head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
}

function head(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.from([(major << 5) | argument]);
  const octets = argument < 0x100 ? 1 : argument < 0x10000 ? 2 : 4;
  return Buffer.concat([
    Buffer.from([(major << 5) | (23 + { 1: 1, 2: 2, 4: 3 }[octets])]),
    uint(argument, octets),
  ]);
}

function uint(value: number, octets: number): Buffer {
  const bytes = Buffer.alloc(octets);
  bytes.writeUIntBE(value, 0, octets);
  return bytes;
}

function sha256(octets: Uint8Array): Buffer {
  return createHash('sha256').update(octets).digest();
}
