import { generateKeyPairSync, randomBytes } from 'node:crypto';

import { CrlCache } from '../ca/crl/crl-cache.ts';
import { DEFAULT_CRL_POLICY } from '../ca/crl/crl-house.ts';
import type { CrlHouse } from '../ca/crl/crl-house.ts';
import type { CrlStatusSource } from '../ca/crl/crl-status-source.ts';
import type { CrlHead, CrlStore, IssuedCrl } from '../ca/crl/crl-store.ts';
import { ManualClock } from '../core/clock.ts';
import { signInParts } from '../keys/sign-in-parts.ts';
import type { Signer } from '../keys/signer.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { StatusChange } from '../pki/certificate-status.ts';
import { packRevocations } from '../pki/crl-packed-revocations.ts';
import { basicConstraintsExtension } from '../pki/extensions/basic-constraints.ts';
import { subjectKeyIdentifierExtension } from '../pki/extensions/key-identifiers.ts';
import { keyUsageExtension } from '../pki/extensions/key-usage.ts';
import { encodeName } from '../pki/name.ts';
import { AT } from '../pki/oid.ts';
import { keyIdentifier } from '../pki/public-key.ts';
import { SIGNATURE_SCHEMES, signatureAlgorithmIdentifier } from '../pki/signature-algorithm.ts';
import type { SignatureAlgorithmName } from '../pki/signature-algorithm.ts';
import { encodeSigned, encodeTbsCertificate } from '../pki/tbs-certificate.ts';

const NOW = new Date('2026-06-15T12:00:00Z');
const FIRST_REVOCATION = new Date('2026-01-02T00:00:00Z');
const SERIAL_OCTETS = 16;
const BATCH = 5000;

/** A history of `count` revocations in memory, packed as the database would hand it over, to which more can be added. */
export class BenchHistory implements CrlStatusSource {
  readonly #batches: Uint8Array[] = [];
  readonly #changes: StatusChange[] = [];

  constructor(count: number) {
    for (let done = 0; done < count; done += BATCH) {
      this.#batches.push(packRevocations(revocations(Math.min(BATCH, count - done), done)));
    }
  }

  revokeOneMore(): void {
    const [{ serialNumber, revokedAt, reason }] = revocations(1, 0);
    const changeNumber = this.#changes.length + 1;
    const authorityId = 'bronze';
    this.#changes.push({
      changeNumber,
      authorityId,
      serialNumber,
      event: 'revoked',
      effectiveAt: revokedAt,
      reason,
    });
  }

  async lastChangeNumber(): Promise<number> {
    return this.#changes.length;
  }

  async *revokedSnapshot(): AsyncGenerator<Uint8Array> {
    yield* this.#batches;
  }

  async changesAfter(changeNumber: number): Promise<StatusChange[]> {
    return this.#changes.slice(changeNumber);
  }
}

/** Everything that issuing the complete CRL of one authority needs, without a database. */
export async function benchCrlHouse(
  source: CrlStatusSource,
  algorithm: SignatureAlgorithmName,
  store: CrlStore = new MemoryCrlStore(),
): Promise<CrlHouse & { clock: ManualClock }> {
  const signer = benchSigner(algorithm);
  const authority = { id: 'bronze', certificate: await selfSigned(signer), signer, crlShards: 16 };
  return {
    authorities: [{ authority, complete: true, shards: false, delta: false }],
    publicUrl: 'http://127.0.0.1:8080',
    policy: { ...DEFAULT_CRL_POLICY, batchSeconds: 0 },
    source,
    store,
    cache: new CrlCache(store),
    transactions: { transaction: (work) => work({} as never) },
    audit: { record: async () => undefined },
    clock: new ManualClock(NOW),
  };
}

/** Keeps the newest CRL. */
class MemoryCrlStore implements CrlStore {
  newest: IssuedCrl | undefined;
  #lastNumber = 0;

  async allocateNumber(): Promise<number> {
    return ++this.#lastNumber;
  }

  async store(): Promise<void> {}

  async prune(): Promise<number> {
    return 0;
  }

  async publish(_tx: object, crl: IssuedCrl): Promise<void> {
    this.newest = crl;
  }

  async heads(): Promise<CrlHead[]> {
    return this.newest ? [this.newest] : [];
  }

  async current(): Promise<IssuedCrl | undefined> {
    return this.newest;
  }
}

/** Random positive serial numbers, a second between one revocation and the next. */
function revocations(count: number, earlier: number) {
  const octets = randomBytes(count * SERIAL_OCTETS);
  return Array.from({ length: count }, (_, i) => {
    const serialNumber = octets.subarray(i * SERIAL_OCTETS, (i + 1) * SERIAL_OCTETS);
    serialNumber[0] = 0x40 | (serialNumber[0] & 0x3f);
    const revokedAt = new Date(FIRST_REVOCATION.getTime() + (earlier + i) * 1000);
    return { serialNumber, revokedAt, reason: 'superseded' as const };
  });
}

/** A key in memory that signs as a key file does. */
function benchSigner(algorithm: SignatureAlgorithmName): Signer {
  const namedCurve = algorithm === 'ecdsa-sha384' ? 'P-384' : 'P-256';
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const digest = SIGNATURE_SCHEMES[algorithm].digest ?? 'sha256';
  const signParts = (parts: readonly Uint8Array[]) => signInParts(digest, parts, { key: privateKey });
  return {
    label: 'bench',
    algorithm,
    subjectPublicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
    sign: (message) => signParts([message]),
    signParts,
  };
}

async function selfSigned(signer: Signer): Promise<Certificate> {
  const name = encodeName([{ type: AT.commonName, value: 'Bench CA' }]);
  const signatureAlgorithm = signatureAlgorithmIdentifier(signer.algorithm);
  const tbs = encodeTbsCertificate({
    serialNumber: Buffer.alloc(SERIAL_OCTETS, 0x42),
    signatureAlgorithm,
    issuer: name,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2035-12-31T23:59:59Z'),
    subject: name,
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    extensions: [
      basicConstraintsExtension({ ca: true, pathLength: 0 }),
      keyUsageExtension(['keyCertSign', 'cRLSign']),
      subjectKeyIdentifierExtension(keyIdentifier(signer.subjectPublicKeyInfo)),
    ],
  });
  return parseCertificate(encodeSigned(tbs, signatureAlgorithm, await signer.sign(tbs)));
}
