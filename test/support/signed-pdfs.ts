import type { Certificate } from '../../pki/certificate.ts';
import { basicConstraintsExtension } from '../../pki/extensions/basic-constraints.ts';
import { extendedKeyUsageExtension } from '../../pki/extensions/extended-key-usage.ts';
import { keyUsageExtension } from '../../pki/extensions/key-usage.ts';
import { AT, KP } from '../../pki/oid.ts';
import type { PadesRequest } from '../../signing/pades/prepare-pades.ts';
import { signPades } from '../../signing/pades/sign-pades.ts';
import type { MaterialSource, TimeStamper, ValidationMaterial } from '../../signing/signature-level.ts';
import { fixtureAuthority } from './fixture-authority.ts';
import type { FixtureTime } from './fixture-authority.ts';
import { FixtureDeployment, NOON } from './fixture-deployment.ts';
import type { Holder } from './fixture-deployment.ts';
import { fixtureCrl, ocspOctets } from './fixture-path.ts';
import { memorySigner } from './memory-signer.ts';
import { pdfOf } from './pdf-samples.ts';

/** A deployment with a doctor, a time-stamping authority that it trusts, and what it takes to validate both later. */
export class PdfDesk {
  readonly deployment: FixtureDeployment;
  readonly doctor: Holder;
  readonly timeStamper: TimeStamper;
  readonly time: FixtureTime;
  readonly material: MaterialSource;
  /** Certificates for which material was asked, call by call. */
  readonly asked: (readonly Certificate[])[] = [];

  private constructor(
    parts: Pick<PdfDesk, 'deployment' | 'doctor' | 'timeStamper' | 'time'> & {
      known: ValidationMaterial;
    },
  ) {
    this.deployment = parts.deployment;
    this.doctor = parts.doctor;
    this.timeStamper = parts.timeStamper;
    this.time = parts.time;
    this.material = {
      materialFor: async (certificates) => {
        this.asked.push(certificates);
        return parts.known;
      },
    };
  }

  static async create(): Promise<PdfDesk> {
    const deployment = await FixtureDeployment.create();
    // Each time stamp is a millisecond after the one before; whoever validates comes later.
    deployment.clock.set(new Date(NOON.getTime() + 60_000));
    const doctor = await deployment.issue();
    const unit = await deployment.issue(memorySigner(), {
      subject: [{ type: AT.commonName, value: 'Time Stamps' }],
      extensions: [
        basicConstraintsExtension({ ca: false }),
        keyUsageExtension(['digitalSignature']),
        extendedKeyUsageExtension([KP.timeStamping], true),
      ],
    });
    const { root, bronze } = deployment;
    const { time, authority } = await fixtureAuthority({ unit: async () => ({ ...unit, chain: [] }) });
    const known = {
      certificates: [bronze, root, unit].map(({ certificate }) => certificate.bytes),
      crls: [(await fixtureCrl(root)).bytes],
      ocspResponses: await Promise.all(
        [doctor, unit].map(({ certificate }) => ocspOctets(certificate, bronze)),
      ),
    };
    return new PdfDesk({ deployment, doctor, timeStamper: authority, time, known });
  }

  sign(document: Uint8Array = pdfOf(), more: Partial<PadesRequest> = {}): Promise<Buffer> {
    const { signer, certificate } = this.doctor;
    const chain = [this.deployment.bronze.certificate];
    return signPades({ document, signer, certificate, chain, signingTime: NOON, ...more });
  }

  validate(document: Uint8Array) {
    return this.deployment.validate(document);
  }
}
