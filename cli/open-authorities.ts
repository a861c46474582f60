import type { AuthorityRecord, AuthorityStore } from '../ca/authority/authority-store.ts';
import type { Authority } from '../ca/authority/authority.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import { assertSignerMatches } from '../keys/prove-possession.ts';
import type { Signer } from '../keys/signer.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';

export interface Hierarchy {
  /** All authorities, issuers before those they issued to. */
  records: readonly AuthorityRecord[];
  certificates: ReadonlyMap<string, Certificate>;
  /** Those that this process can sign for. */
  issuing: ReadonlyMap<string, Authority>;
}

/** Reads the hierarchy and opens the keys that are here; each signer proves that it holds the key of its certificate. */
export async function openHierarchy(
  stores: { authorities: AuthorityStore; database: TransactionRunner },
  openSigner: (reference: string) => Promise<Signer>,
): Promise<Hierarchy> {
  const { records, certificates } = await readHierarchy(stores);
  const issuing = new Map<string, Authority>();
  for (const record of records) {
    if (record.keyReference === undefined) continue;
    const certificate = certificates.get(record.id)!;
    const signer = await openSigner(record.keyReference);
    await assertSignerMatches(signer, certificate.subjectPublicKeyInfo);
    issuing.set(record.id, {
      id: record.id,
      assuranceLevel: record.assuranceLevel,
      certificate,
      chain: chainAbove(record, records, certificates),
      signer,
      crlShards: record.crlShards,
      ...(record.successorOf && { successorOf: record.successorOf }),
      ...(record.profiles && { profiles: record.profiles }),
      ...(record.names && { names: record.names }),
    });
  }
  return { records, certificates, issuing };
}

/** The hierarchy without its keys. */
export async function readHierarchy(stores: {
  authorities: AuthorityStore;
  database: TransactionRunner;
}): Promise<Pick<Hierarchy, 'records' | 'certificates'>> {
  const records = await stores.database.transaction((tx) => stores.authorities.listAuthorities(tx));
  const certificates = new Map(records.map(({ id, certificate }) => [id, parseCertificate(certificate)]));
  return { records, certificates };
}

function chainAbove(
  record: AuthorityRecord,
  records: readonly AuthorityRecord[],
  certificates: ReadonlyMap<string, Certificate>,
): Certificate[] {
  const chain: Certificate[] = [];
  for (let id = record.issuerId; id !== undefined; id = records.find((one) => one.id === id)?.issuerId) {
    chain.push(certificates.get(id)!);
  }
  return chain;
}
