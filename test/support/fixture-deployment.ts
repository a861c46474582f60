import { ManualClock } from '../../core/clock.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import { prescriptionPolicy } from '../../validation/policy.ts';
import type { ValidationPolicy } from '../../validation/policy.ts';
import type { ValidationReport } from '../../validation/report.ts';
import type { StatusHistory } from '../../validation/status-history.ts';
import { TrustStore } from '../../validation/trust-store.ts';
import { validateDocument } from '../../validation/validate-document.ts';
import { authorityTemplate, fixtureCertificate, physicianTemplate } from './fixture-certificate.ts';
import type { CertificateTemplate } from './fixture-certificate.ts';
import { MemoryStatusHistory } from './memory-status-history.ts';
import { memorySigner } from './memory-signer.ts';
import type { MemorySigner } from './memory-signer.ts';

/** When nothing else is said, it is noon of this day. */
export const NOON = new Date('2026-06-15T12:00:00Z');

/** Somebody with a key and a certificate for it. */
export interface Holder {
  signer: MemorySigner;
  certificate: Certificate;
}

export interface ValidationOverrides {
  content?: Uint8Array;
  contentsByName?: ReadonlyMap<string, Uint8Array>;
  receivedAt?: Date;
  trust?: TrustStore;
  policy?: ValidationPolicy;
  statusHistory?: StatusHistory;
  onStatusFault?: (cause: unknown) => void;
}

/** A root, the issuing CA `bronze`, its status history and a clock that stands at noon. */
export class FixtureDeployment {
  readonly clock = new ManualClock(NOON);
  readonly policy = prescriptionPolicy({
    oidArc: '2.999.364.1',
    nationalPolicyArc: '2.16.364.101.1.1',
  });
  readonly root: Holder;
  readonly bronze: Holder;
  readonly trust: TrustStore;
  readonly history: MemoryStatusHistory;

  private constructor(root: Holder, bronze: Holder) {
    this.root = root;
    this.bronze = bronze;
    this.trust = new TrustStore({ anchors: [root.certificate], intermediates: [bronze.certificate] });
    this.history = new MemoryStatusHistory([{ id: 'bronze', certificate: bronze.certificate }]);
  }

  static async create(): Promise<FixtureDeployment> {
    const rootSigner = memorySigner();
    const root = await fixtureCertificate(authorityTemplate('Fixture Root CA', rootSigner), {
      signer: rootSigner,
    });
    const signer = memorySigner();
    const bronze = await fixtureCertificate(authorityTemplate('Fixture Bronze CA', signer, 0), {
      certificate: root,
      signer: rootSigner,
    });
    return new FixtureDeployment({ signer: rootSigner, certificate: root }, { signer, certificate: bronze });
  }

  /** Issues to a physician and records it in the history. */
  async issue(
    signer: MemorySigner = memorySigner(),
    overrides: Partial<CertificateTemplate> = {},
  ): Promise<Holder> {
    const template = { ...physicianTemplate(signer.subjectPublicKeyInfo), ...overrides };
    const certificate = await fixtureCertificate(template, this.bronze);
    this.record(certificate, { event: 'issued', effectiveAt: certificate.notBefore });
    return { signer, certificate };
  }

  record(
    certificate: Certificate,
    change: Omit<StatusChange, 'changeNumber' | 'authorityId' | 'serialNumber'>,
  ): void {
    this.history.record('bronze', certificate, change);
  }

  validate(signature: Uint8Array, overrides: ValidationOverrides = {}): Promise<ValidationReport> {
    const { trust, policy, clock } = this;
    return validateDocument({ signature, trust, policy, clock, statusHistory: this.history, ...overrides });
  }
}
