import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ManualClock, systemClock, wholeSeconds } from '../../core/clock.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { authorityInfoAccessExtension } from '../../pki/extensions/authority-information-access.ts';
import { basicConstraintsExtension } from '../../pki/extensions/basic-constraints.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { encodePem } from '../../pki/pem.ts';
import { KP } from '../../pki/oid.ts';
import { physicianTemplate } from './fixture-certificate.ts';
import { FixtureOcsp, fixtureResponder } from './fixture-ocsp.ts';
import { memorySigner } from './memory-signer.ts';
import { startOcspServer } from './ocsp-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The states that a certificate can be in; a file `<state>.pem` for each. */
export const STATES = ['good', 'held', 'revoked', 'never-issued', 'expired', 'expired-revoked'] as const;
export type State = (typeof STATES)[number];

export interface ServedOcsp {
  /** Where `issuer.pem`, a certificate of each state, `other.pem` (an issuer not hosted) and `requestor.pem` and `.key` lie. */
  folder: string;
  /** Where the responder answers for the issuer; it stands in the certificates. */
  url: string;
  responder: Certificate;
  certificates: Readonly<Record<State | 'issuer', Certificate>>;
}

const DAY_MILLISECONDS = 86_400_000;

/** A responder with the clock that programs of others have, and certificates in every state as files for them. */
export async function serveOcsp(
  t: Parameters<typeof startOcspServer>[0] & Parameters<typeof temporaryFolder>[0],
  { responderKey = 'p-256' }: { responderKey?: 'p-256' | 'rsa-2048' } = {},
): Promise<ServedOcsp> {
  const clock = new ManualClock(wholeSeconds(systemClock.now()));
  const house = await FixtureOcsp.create({ clock });
  let credential = house.bronze.responder;
  if (responderKey === 'rsa-2048') {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    credential = await fixtureResponder(house.bronze, {}, memorySigner(privateKey, 'rsa-sha256'));
    house.responder.useCredentials('bronze', [credential]);
  }
  const url = `${(await startOcspServer(t, house.responder)).url}/ocsp/bronze`;
  const folder = temporaryFolder(t);
  const certificates = await issueAll(house, url);
  const other = await FixtureOcsp.create({ clock });
  const named = { ...certificates, other: other.bronze.certificate };
  for (const [name, { bytes }] of Object.entries(named))
    writeFileSync(join(folder, `${name}.pem`), encodePem('CERTIFICATE', bytes));
  await writeRequestor(house, url, folder);
  return { folder, url, responder: credential.certificate, certificates };
}

async function issueAll(house: FixtureOcsp, url: string): Promise<ServedOcsp['certificates']> {
  const { certificate: issuer } = house.bronze;
  const current = { notBefore: issuer.notBefore, notAfter: issuer.notAfter };
  const past = { notBefore: issuer.notBefore, notAfter: before(house.clock.now(), 1) };
  const issue = (validity: typeof past, from = house) => {
    const template = leafTemplate(url, memorySigner().subjectPublicKeyInfo);
    return from.issue(house.bronze, { ...template, ...validity });
  };
  const elsewhere = await FixtureOcsp.create({ clock: house.clock });
  const certificates = {
    issuer,
    good: await issue(current),
    held: await issue(current),
    revoked: await issue(current),
    // With the issuer's signature, and unknown to its history.
    'never-issued': await issue(current, elsewhere),
    expired: await issue(past),
    'expired-revoked': await issue(past),
  };
  await house.change(certificates.held, 'held', 'certificateHold');
  await house.change(certificates.revoked, 'revoked', 'keyCompromise');
  await house.change(certificates['expired-revoked'], 'revoked', 'superseded');
  await house.follower.catchUp();
  return certificates;
}

async function writeRequestor(house: FixtureOcsp, url: string, folder: string): Promise<void> {
  const { notBefore, notAfter } = house.bronze.certificate;
  const { subjectPublicKeyInfo, privateKey } = memorySigner();
  const template = { ...leafTemplate(url, subjectPublicKeyInfo), notBefore, notAfter };
  const { bytes } = await house.issue(house.bronze, template);
  writeFileSync(join(folder, 'requestor.pem'), encodePem('CERTIFICATE', bytes));
  writeFileSync(join(folder, 'requestor.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/** Fit for every use that the programs check before they ask for a status: none of them knows document signing. */
function leafTemplate(url: string, subjectPublicKeyInfo: Buffer) {
  const { subject, serialNumber } = physicianTemplate(subjectPublicKeyInfo);
  return {
    subject,
    subjectPublicKeyInfo,
    serialNumber,
    extensions: [
      basicConstraintsExtension({ ca: false }),
      keyUsageExtension(['digitalSignature', 'nonRepudiation']),
      extendedKeyUsageExtension([KP.clientAuth, KP.serverAuth, KP.emailProtection]),
      authorityInfoAccessExtension({ ocsp: url }),
    ],
  };
}

function before(instant: Date, days: number): Date {
  return new Date(instant.getTime() - days * DAY_MILLISECONDS);
}
