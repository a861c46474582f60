import { randomBytes } from 'node:crypto';

import { ManualClock } from '../../core/clock.ts';
import { OcspResponder } from '../../ocsp/responder.ts';
import type { OcspResponderOptions } from '../../ocsp/responder.ts';
import type { ResponderCredential } from '../../ocsp/responder-key.ts';
import { StatusFollower } from '../../ocsp/status-follower.ts';
import type { StatusFollowerOptions } from '../../ocsp/status-follower.ts';
import { certificateFingerprint } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { StatusEvent } from '../../pki/certificate-status.ts';
import type { DigestName } from '../../pki/digest-algorithm.ts';
import type { Extension } from '../../pki/extension.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { ocspNoCheckExtension } from '../../pki/extensions/ocsp-no-check.ts';
import { encodeCertId } from '../../pki/ocsp-cert-id.ts';
import { encodeOcspRequest } from '../../pki/ocsp-request.ts';
import { parseOcspResponse } from '../../pki/ocsp-response.ts';
import type { BasicOcspResponse } from '../../pki/ocsp-response.ts';
import { verifyOcspResponse } from '../../pki/ocsp-verification.ts';
import { AT, KP } from '../../pki/oid.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { authorityTemplate, fixtureCertificate, physicianTemplate } from './fixture-certificate.ts';
import type { CertificateTemplate } from './fixture-certificate.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';
import { MemoryStatusSource } from './memory-status-source.ts';

export const NOON = new Date('2026-06-15T12:00:00Z');
const DAY_SECONDS = 86_400;

export interface FixtureAuthority {
  id: string;
  signer: MemorySigner;
  certificate: Certificate;
  /** Its delegated responder. */
  responder: ResponderCredential;
}

export interface FixtureOcspOverrides extends Partial<
  Pick<OcspResponderOptions, 'validitySeconds' | 'neverIssued' | 'onAsked'>
> {
  onVisible?: NonNullable<StatusFollowerOptions['onVisible']>;
  /** Set it to the present where programs with a clock of their own read the answers. */
  clock?: ManualClock;
}

/** The authorities `bronze` and `silver` with their responders over a status history in memory; the clock stands at noon. */
export class FixtureOcsp {
  readonly clock: ManualClock;
  readonly source: MemoryStatusSource;
  readonly follower: StatusFollower;
  readonly responder: OcspResponder;
  readonly bronze: FixtureAuthority;
  readonly silver: FixtureAuthority;
  readonly faults: unknown[];

  private constructor(
    parts: Pick<FixtureOcsp, 'clock' | 'source' | 'follower' | 'responder' | 'bronze' | 'silver' | 'faults'>,
  ) {
    this.clock = parts.clock;
    this.source = parts.source;
    this.follower = parts.follower;
    this.responder = parts.responder;
    this.bronze = parts.bronze;
    this.silver = parts.silver;
    this.faults = parts.faults;
  }

  static async create(overrides: FixtureOcspOverrides = {}): Promise<FixtureOcsp> {
    const { clock = new ManualClock(NOON), onVisible, ...settings } = overrides;
    const bronze = await fixtureAuthority('bronze', clock);
    const silver = await fixtureAuthority('silver', clock);
    const source = new MemoryStatusSource();
    const faults: unknown[] = [];
    const onFault = (fault: unknown) => faults.push(fault);
    const follower = await StatusFollower.load({
      source,
      authorityIds: ['bronze', 'silver'],
      clock,
      onFault,
      ...(onVisible && { onVisible }),
    });
    const authorities = [bronze, silver].map(({ id, certificate, responder }) => ({
      id,
      issuerCertificates: [certificate] as const,
      credentials: [responder],
    }));
    const responder = new OcspResponder({ authorities, status: follower, clock, onFault, ...settings });
    return new FixtureOcsp({ clock, source, follower, responder, bronze, silver, faults });
  }

  /** Issues to a synthetic physician; the responder knows it when the promise resolves. */
  async issue(authority = this.bronze, overrides: Partial<CertificateTemplate> = {}): Promise<Certificate> {
    const { notBefore, notAfter } = authority.certificate;
    const { subjectPublicKeyInfo } = memorySigner();
    const template = { ...physicianTemplate(subjectPublicKeyInfo), notBefore, notAfter, ...overrides };
    const certificate = await fixtureCertificate(template, authority);
    this.source.commit({
      authorityId: authority.id,
      serialNumber: certificate.serialNumber,
      event: 'issued',
      effectiveAt: certificate.notBefore,
      issued: { certHash: certificateFingerprint(certificate), notAfter: certificate.notAfter },
    });
    await this.follower.catchUp();
    return certificate;
  }

  /** Commits a change that takes effect now; the responder knows it when the promise resolves. */
  async change(
    certificate: Certificate,
    event: StatusEvent,
    reason?: RevocationReason,
    authorityId = 'bronze',
  ): Promise<void> {
    const { serialNumber } = certificate;
    this.source.commit({
      authorityId,
      serialNumber,
      event,
      effectiveAt: this.clock.now(),
      ...(reason && { reason }),
    });
    await this.follower.catchUp();
  }

  request(
    certificates: readonly { serialNumber: Buffer }[],
    options: { hashAlgorithm?: DigestName; issuer?: Certificate; extensions?: readonly Extension[] } = {},
  ): Buffer {
    const { hashAlgorithm = 'sha256', issuer = this.bronze.certificate, extensions } = options;
    const certIds = certificates.map(({ serialNumber }) => encodeCertId(hashAlgorithm, issuer, serialNumber));
    return encodeOcspRequest(certIds, extensions);
  }

  /** Asks, requires a successful answer that the authority's responder signed, and reads it. */
  async ask(request: Uint8Array, issuer: Certificate = this.bronze.certificate): Promise<BasicOcspResponse> {
    const { status, body } = await this.responder.respond(request);
    if (status !== 'successful') throw new Error(`answered ${status}`);
    return readVerified(body, issuer);
  }

  async statusOf(certificate: {
    serialNumber: Buffer;
  }): Promise<BasicOcspResponse['responses'][number]['status']> {
    return (await this.ask(this.request([certificate]))).responses[0].status;
  }
}

export function readVerified(body: Uint8Array, issuer: Certificate): BasicOcspResponse {
  const response = parseOcspResponse(body);
  if (response.status !== 'successful') throw new Error(`response ${response.status}`);
  const verification = verifyOcspResponse(response, issuer);
  if (!verification.verified) throw new Error(`response does not verify: ${verification.fault}`);
  return response;
}

/** A certificate's serial number that nobody was issued. */
export function neverIssued(): { serialNumber: Buffer } {
  return { serialNumber: Buffer.concat([Buffer.from([0x41]), randomBytes(15)]) };
}

/** A delegated responder of the authority; override what the test is about. */
export async function fixtureResponder(
  authority: { signer: MemorySigner; certificate: Certificate },
  overrides: Partial<CertificateTemplate> = {},
  signer: MemorySigner = memorySigner(),
): Promise<ResponderCredential> {
  const { notBefore, notAfter } = authority.certificate;
  const template = {
    ...physicianTemplate(signer.subjectPublicKeyInfo),
    subject: [{ type: AT.commonName, value: 'Fixture OCSP Responder' }],
    notBefore,
    notAfter,
    extensions: [
      keyUsageExtension(['digitalSignature']),
      extendedKeyUsageExtension([KP.ocspSigning]),
      ocspNoCheckExtension(),
    ],
    ...overrides,
  };
  return { signer, certificate: await fixtureCertificate(template, authority) };
}

async function fixtureAuthority(id: string, clock: ManualClock): Promise<FixtureAuthority> {
  const signer = memorySigner();
  const template = {
    ...authorityTemplate(`Fixture ${id} CA`, signer),
    notBefore: secondsFrom(clock, -30 * DAY_SECONDS),
    notAfter: secondsFrom(clock, 365 * DAY_SECONDS),
  };
  const certificate = await fixtureCertificate(template, { signer });
  return { id, signer, certificate, responder: await fixtureResponder({ signer, certificate }) };
}

function secondsFrom(clock: ManualClock, seconds: number): Date {
  return new Date(clock.now().getTime() + seconds * 1000);
}
