import { createHash } from 'node:crypto';

import { originOf } from '../application.ts';
import type { ApplicationId } from '../application.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { readApplication } from '../read-applications.ts';
import { LIST_ROLES, READ_ROLES } from './evidence.ts';
import type { Evidence, EvidenceId, KeptEvidence } from './evidence.ts';
import type { EvidenceHouse, LegalHold } from './evidence-house.ts';

/** The papers of an application and the holds on them, oldest first. */
export async function listEvidence(
  house: EvidenceHouse,
  officer: Officer,
  applicationId: ApplicationId,
): Promise<{ papers: KeptEvidence[]; holds: LegalHold[] }> {
  assertRole(officer, LIST_ROLES);
  await readApplication(house, officer, applicationId);
  return {
    papers: await house.evidence.ofApplication(applicationId),
    holds: await house.evidence.holdsOn(applicationId),
  };
}

/**
 * Opens one paper; that it was opened is durable before it is shown. Throws RaError `evidence-unknown`, `evidence-deleted` or
 * `evidence-missing`, and what the vault throws.
 */
export async function readEvidence(
  house: EvidenceHouse,
  officer: Officer,
  applicationId: ApplicationId,
  id: EvidenceId,
): Promise<{ evidence: Evidence; content: Buffer }> {
  assertRole(officer, READ_ROLES);
  await readApplication(house, officer, applicationId);
  const evidence = (await house.evidence.ofApplication(applicationId)).find((one) => one.id === id);
  if (!evidence) throw new RaError('evidence-unknown', 'no such paper');
  if (evidence.deletedAt)
    throw new RaError('evidence-deleted', 'its time was over: the content is deleted, the hash is kept');
  const content = await openEvidence(house, evidence);
  await house.transactions.transaction((tx) =>
    house.audit.record(tx, {
      at: house.clock.now(),
      actor: actorOf(officer),
      action: 'read-evidence',
      outcome: 'accepted',
      subject: originOf(applicationId),
      details: { evidence: id },
    }),
  );
  return { evidence, content };
}

/** The content whose hash is that of the row; throws RaError `evidence-missing` and what the vault throws. */
export async function openEvidence(
  { evidence: store, vault }: Pick<EvidenceHouse, 'evidence' | 'vault'>,
  { id, sha256 }: Evidence,
): Promise<Buffer> {
  const sealed = await store.content(id);
  const content = sealed && (await vault.unseal(id, sealed));
  if (content && createHash('sha256').update(content).digest().equals(sha256)) return content;
  throw new RaError('evidence-missing', 'the content is not the one whose hash is recorded');
}
