import type { Clock } from '../../core/clock.ts';
import type { Certificate } from '../../pki/certificate.ts';
import type { EmbeddedRevocation } from '../../pki/cms/signed-data.ts';
import type { MaterialSource, ValidationMaterial } from '../../signing/signature-level.ts';
import { SigningError } from '../../signing/signing-error.ts';
import { findValidPath } from '../../validation/path/find-valid-path.ts';
import { ANY_POLICY_INPUTS } from '../../validation/path/policy-graph.ts';
import { fetchEvidence } from '../../validation/revocation/fetch-evidence.ts';
import type { RevocationSource } from '../../validation/revocation/revocation-source.ts';
import type { StatusHistory } from '../../validation/status-history.ts';
import type { TrustStore } from '../../validation/trust-store.ts';
import { validateEncodedCertificate } from '../../validation/validate-encoded-certificate.ts';

export interface PathMaterialOptions {
  clock: Clock;
  trust: TrustStore;
  /** Out of this process; undefined: the issuer is none of ours, or cannot be asked now. */
  ownStatus?: (certificate: Certificate, issuer: Certificate) => Promise<EmbeddedRevocation | undefined>;
  /** For certificates of others; absent: nobody is asked. */
  source: RevocationSource | undefined;
}

/** Paths to the anchors and statuses of each certificate below: our own first, others' from whom the deployment allows to ask. */
export class PathMaterialSource implements MaterialSource {
  readonly #options: PathMaterialOptions;

  constructor(options: PathMaterialOptions) {
    this.#options = options;
  }

  /** Rejects with SigningError `validation-material-missing`. */
  async materialFor(
    certificates: readonly Certificate[],
    embedded: readonly Certificate[],
  ): Promise<ValidationMaterial> {
    const paths = certificates.map((certificate) => this.#pathOf(certificate, embedded));
    const revocation = (await Promise.all(paths.map((path) => this.#revocationOf(path)))).flat();
    const material = {
      certificates: distinct(paths.flatMap((path) => path.slice(0, -1).map(({ bytes }) => bytes))),
      crls: distinct(bytesOf(revocation, 'crl')),
      ocspResponses: distinct(bytesOf(revocation, 'ocsp-response')),
    };
    for (const certificate of certificates) await this.#assertSufficient(certificate, material);
    return material;
  }

  #pathOf(certificate: Certificate, embedded: readonly Certificate[]): readonly Certificate[] {
    const { trust, clock } = this.#options;
    const { path, reasons } = findValidPath(certificate, clock.now(), { trust, embedded });
    if (path && reasons.length === 0) return path;
    throw missing(reasons.map(({ text }) => text).join('; '));
  }

  async #revocationOf(path: readonly Certificate[]): Promise<EmbeddedRevocation[]> {
    const { source, ownStatus } = this.#options;
    const found = await Promise.all(
      path.slice(0, -1).map(async (certificate, at) => ownStatus?.(certificate, path[at + 1])),
    );
    const own = found.flatMap((one) => one ?? []);
    if (own.length === found.length || !source) return own;
    return [...own, ...(await fetchEvidence(path, source))];
  }

  /** Nothing but what will be embedded tells every status: whoever validates later has no more. A revocation is a status too. */
  async #assertSufficient({ bytes }: Certificate, material: ValidationMaterial): Promise<void> {
    const { trust, clock } = this.#options;
    const { reasons } = await validateEncodedCertificate({
      leaf: bytes,
      intermediates: material.certificates,
      crls: material.crls,
      ocspResponses: material.ocspResponses,
      trust,
      at: clock.now(),
      revocation: 'required',
      statusHistory: NO_HISTORY,
      policies: ANY_POLICY_INPUTS,
      purposes: { keyUsages: [], extendedKeyUsages: [] },
    });
    const unknown = reasons.filter(({ code }) => code === 'status-unavailable');
    if (unknown.length > 0) throw missing(unknown.map(({ text }) => text).join('; '));
  }
}

/** Ours is not asked: it is not what is embedded. */
const NO_HISTORY: StatusHistory = { authorityOf: async () => undefined, changesOf: async () => [] };

function bytesOf(revocation: readonly EmbeddedRevocation[], kind: EmbeddedRevocation['kind']): Buffer[] {
  return revocation.flatMap((one) => (one.kind === kind ? [one.bytes] : []));
}

function distinct(members: readonly Buffer[]): Buffer[] {
  return members.filter((one, at) => members.findIndex((other) => other.equals(one)) === at);
}

function missing(detail: string): SigningError {
  return new SigningError('validation-material-missing', `no material to validate with later: ${detail}`);
}
