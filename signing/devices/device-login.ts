import { randomBytes } from 'node:crypto';

import type { Clock } from '../../core/clock.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import { parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { asReadyDigest } from '../../pki/ready-digest.ts';
import { deviceAlgorithmOf, isSignedByDevice } from '../device-key.ts';
import { deviceSignInOctets, digestProof, digestProofOctets } from '../device/signed-octets.ts';
import { isDigestSignedByDevice } from '../ready-digest.ts';
import type { ReadyDigestStore } from '../ready-digest.ts';
import { faultOfCredential } from '../sessions/credential.ts';
import type { Credential, CredentialDirectory, CredentialId } from '../sessions/credential.ts';
import { SESSION_ACTOR } from '../sessions/session.ts';
import { SigningError } from '../signing-error.ts';

/** A phone that has proved to have a certificate's key; what it may do is look, refuse and answer for this certificate. */
export interface Device extends CredentialId {
  certificateSha256: Buffer;
  tokenSha256: Buffer;
}

export interface DeviceStore {
  insertChallenge(tx: Transaction, nonce: Buffer, expiresAt: Date): Promise<void>;
  /** False when it is unknown, used or over. */
  takeChallenge(tx: Transaction, nonce: Buffer, now: Date): Promise<boolean>;
  insertLogin(tx: Transaction, device: Device, signedInAt: Date, expiresAt: Date): Promise<void>;
  ofToken(tokenSha256: Buffer, now: Date): Promise<Device | undefined>;
  endLogin(tx: Transaction, tokenSha256: Buffer): Promise<void>;
  /** Forgets nonces and logins whose time is over. */
  prune(now: Date): Promise<void>;
}

export interface DeviceHouse {
  devices: DeviceStore;
  readyDigests: ReadyDigestStore;
  credentials: CredentialDirectory;
  phoneProfiles: readonly string[];
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
}

const NONCE_OCTETS = 32;
const TOKEN_OCTETS = 32;
const CHALLENGE_SECONDS = 120;
/** The PIN opens the key, and looking for requests should not ask for it: signing does each time. */
const LOGIN_SECONDS = 30 * 24 * 3600;

/** A nonce to be signed once, within two minutes. */
export async function challengeDevice({ devices, transactions, clock }: DeviceHouse): Promise<Buffer> {
  const nonce = randomBytes(NONCE_OCTETS);
  const expiresAt = new Date(clock.now().getTime() + CHALLENGE_SECONDS * 1000);
  await transactions.transaction((tx) => devices.insertChallenge(tx, nonce, expiresAt));
  return nonce;
}

export interface DeviceProof {
  certificateSha256: Buffer;
  nonce: Buffer;
  signature: Buffer;
  /** Of an application whose key signs digests that are ready: over `digestProof`. */
  digestSignature?: Buffer;
}

/** Exchanges a signed nonce for a token. Whatever is wrong is one answer: SigningError `device-not-accepted`. */
export async function signInDevice(
  house: DeviceHouse,
  proof: DeviceProof,
): Promise<{ token: string; expiresAt: Date }> {
  const { certificateSha256, nonce } = proof;
  const now = house.clock.now();
  const isFresh = await house.transactions.transaction((tx) => house.devices.takeChallenge(tx, nonce, now));
  const [credential] = await house.credentials.find({ certificateSha256 }, house.phoneProfiles, now);
  if (!isFresh || !credential || faultOfCredential(credential, now) || !isSigned(credential, proof))
    throw notAccepted();
  const token = randomBytes(TOKEN_OCTETS).toString('base64url');
  const expiresAt = new Date(now.getTime() + LOGIN_SECONDS * 1000);
  const { authorityId, serialNumber } = credential;
  const signsDigests = proof.digestSignature !== undefined;
  const tokenSha256 = digest('sha256', Buffer.from(token));
  const device = { authorityId, serialNumber, certificateSha256, tokenSha256 };
  await house.transactions.transaction(async (tx) => {
    // Whoever hands in digests could have had the nonce signed.
    if (await house.readyDigests.wasHandedIn(tx, credential, signedDigestOf(credential, proof)))
      throw notAccepted();
    await house.devices.insertLogin(tx, device, now, expiresAt);
    if (signsDigests) await house.readyDigests.addSigner(tx, credential, now);
    await house.audit.record(tx, {
      at: now,
      actor: SESSION_ACTOR,
      action: 'sign-in-device',
      outcome: 'accepted',
      subject: `certificate:${authorityId}/${serialNumber.toString('hex')}`,
      details: signsDigests ? { signsDigests } : {},
    });
  });
  return { token, expiresAt };
}

function notAccepted(): SigningError {
  return new SigningError(
    'device-not-accepted',
    'the phone could not be recognised: ask for a new nonce and sign it',
  );
}

/** The phone that has a token; throws SigningError `device-token-invalid`. */
export async function deviceOfToken(
  { devices, clock }: Pick<DeviceHouse, 'devices' | 'clock'>,
  token: string,
) {
  const device = await devices.ofToken(digest('sha256', Buffer.from(token)), clock.now());
  if (!device)
    throw new SigningError('device-token-invalid', 'the token is unknown or its time is over: sign in again');
  return device;
}

/** Ends a token, when the page is closed for good. */
export async function signOutDevice(
  { devices, transactions }: Pick<DeviceHouse, 'devices' | 'transactions'>,
  { tokenSha256 }: Device,
): Promise<void> {
  await transactions.transaction((tx) => devices.endLogin(tx, tokenSha256));
}

function isSigned({ certificate }: Credential, proof: DeviceProof): boolean {
  const parsed = parseCertificate(certificate);
  deviceAlgorithmOf(parsed);
  return (
    isSignedByDevice(parsed, deviceSignInOctets(factsOf(proof)), proof.signature) &&
    isProofSigned(parsed, proof)
  );
}

function isProofSigned(certificate: Certificate, proof: DeviceProof): boolean {
  if (!proof.digestSignature) return true;
  const readyDigest = Buffer.from(digestProof(digest('sha256', digestProofOctets(factsOf(proof)))));
  return isDigestSignedByDevice(certificate, readyDigest, proof.digestSignature);
}

/** Of SHA-256 there is one. */
function signedDigestOf({ certificate }: Credential, proof: DeviceProof): Buffer {
  const key = publicKeyOf(parseCertificate(certificate));
  return asReadyDigest(digest('sha256', deviceSignInOctets(factsOf(proof))), key)!;
}

function factsOf({ nonce, certificateSha256 }: DeviceProof) {
  return { nonce: nonce.toString('base64url'), certificateSha256: certificateSha256.toString('hex') };
}
