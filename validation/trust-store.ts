import type { Certificate } from '../pki/certificate.ts';
import { certificateFingerprint } from '../pki/certificate.ts';
import { nameKey } from '../pki/name.ts';
import type { Name } from '../pki/name.ts';
import { CertificatePool } from './path/certificate-pool.ts';

/** Whom this deployment trusts: anchors end a path; intermediates are known to be good issuers below an anchor. */
export class TrustStore {
  readonly #forTimeStamps: TrustStore | undefined;
  readonly #pool: CertificatePool;
  readonly #anchors: ReadonlySet<string>;
  readonly #anchorNames: ReadonlySet<string>;
  readonly #intermediates: ReadonlySet<string>;

  constructor({
    anchors,
    intermediates,
    timeStampAnchors = [],
  }: {
    anchors: readonly Certificate[];
    intermediates: readonly Certificate[];
    /** Ends of paths of time-stamping authorities, beside the anchors: trusted for nothing else. */
    timeStampAnchors?: readonly Certificate[];
  }) {
    this.#forTimeStamps =
      timeStampAnchors.length === 0
        ? undefined
        : new TrustStore({ anchors: [...anchors, ...timeStampAnchors], intermediates });
    this.#pool = new CertificatePool([...anchors, ...intermediates]);
    this.#anchors = new Set(anchors.map(keyOf));
    this.#anchorNames = new Set(anchors.map(({ subject }) => nameKey(subject)));
    this.#intermediates = new Set(intermediates.map(keyOf));
  }

  /** Whom the deployment trusts to tell the time. */
  forTimeStamps(): TrustStore {
    return this.#forTimeStamps ?? this;
  }

  withSubject(name: Name): readonly Certificate[] {
    return this.#pool.withSubject(name);
  }

  certificates(): readonly Certificate[] {
    return this.#pool.certificates();
  }

  /** Names of the anchors, as `nameKey` makes them. */
  anchorNames(): string[] {
    return [...this.#anchorNames];
  }

  /** Whether an anchor has the name of the certificate's issuer. */
  isBelowAnchor({ issuer }: Certificate): boolean {
    return this.#anchorNames.has(nameKey(issuer));
  }

  isAnchor(certificate: Certificate): boolean {
    return this.#anchors.has(keyOf(certificate));
  }

  has(certificate: Certificate): boolean {
    return this.isAnchor(certificate) || this.isIntermediate(certificate);
  }

  /** Whether the deployment itself vouches for this issuing CA: it would take a revoked one out of its store. */
  isIntermediate(certificate: Certificate): boolean {
    return this.#intermediates.has(keyOf(certificate));
  }
}

/** Asked for each step of each path, of the same few objects. */
const keys = new WeakMap<Certificate, string>();

function keyOf(certificate: Certificate): string {
  let key = keys.get(certificate);
  if (key === undefined) {
    key = certificateFingerprint(certificate).toString('base64');
    keys.set(certificate, key);
  }
  return key;
}
