import type { AuthorityRecord, AuthorityStore } from '../ca/authority/authority-store.ts';
import type { Authority } from '../ca/authority/authority.ts';
import type { TransactionRunner } from '../core/transaction.ts';
import { absentSigner } from '../keys/absent-signer.ts';
import { assertSignerMatches } from '../keys/prove-possession.ts';
import type { Signer } from '../keys/signer.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import { parseKeyReference } from './key-reference.ts';

export interface Hierarchy {
  /** All authorities, issuers before those they issued to. */
  records: readonly AuthorityRecord[];
  certificates: ReadonlyMap<string, Certificate>;
  /** Those that this process can sign for. */
  issuing: ReadonlyMap<string, Authority>;
}

interface HierarchyStores {
  authorities: AuthorityStore;
  database: TransactionRunner;
}

/** Reads the hierarchy and opens the keys that are here; each signer proves that it holds the key of its certificate. */
export async function openHierarchy(
  stores: HierarchyStores,
  openSigner: (reference: string) => Promise<Signer>,
): Promise<Hierarchy> {
  return furnishHierarchy(await readHierarchy(stores), async (reference, { subjectPublicKeyInfo }) => {
    const signer = await openSigner(reference);
    await assertSignerMatches(signer, subjectPublicKeyInfo);
    return signer;
  });
}

/** The hierarchy of a process that has none of its keys: `issuing` are those that another process signs for. */
export async function openKeylessHierarchy(stores: HierarchyStores): Promise<Hierarchy> {
  return furnishHierarchy(await readHierarchy(stores), async (reference, { subjectPublicKeyInfo }) => {
    const { place, algorithm } = parseKeyReference(reference);
    return absentSigner(place, subjectPublicKeyInfo, algorithm);
  });
}

async function furnishHierarchy(
  { records, certificates }: Pick<Hierarchy, 'records' | 'certificates'>,
  signerOf: (reference: string, certificate: Certificate) => Promise<Signer>,
): Promise<Hierarchy> {
  const issuing = new Map<string, Authority>();
  for (const record of records) {
    if (record.keyReference === undefined) continue;
    const certificate = certificates.get(record.id)!;
    issuing.set(record.id, {
      id: record.id,
      assuranceLevel: record.assuranceLevel,
      certificate,
      chain: chainAbove(record, records, certificates),
      signer: await signerOf(record.keyReference, certificate),
      crlShards: record.crlShards,
      ...(record.successorOf && { successorOf: record.successorOf }),
      ...(record.profiles && { profiles: record.profiles }),
      ...(record.names && { names: record.names }),
    });
  }
  return { records, certificates, issuing };
}

/** The hierarchy without its keys. */
export async function readHierarchy(
  stores: HierarchyStores,
): Promise<Pick<Hierarchy, 'records' | 'certificates'>> {
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
