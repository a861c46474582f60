import { createHash } from 'node:crypto';

import { newId } from '../../core/ids.ts';
import { originOf } from '../application.ts';
import type { ApplicationId } from '../application.ts';
import { actorOf, assertRole } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { readApplication } from '../read-applications.ts';
import { ADD_ROLES, EVIDENCE_OCTETS_MAX, EVIDENCE_PER_APPLICATION_MAX } from './evidence.ts';
import type { Evidence, EvidenceKind, MediaType } from './evidence.ts';
import type { EvidenceHouse } from './evidence-house.ts';
import { recogniseMedia } from './recognise-media.ts';

export interface EvidenceInput {
  applicationId: ApplicationId;
  kind: EvidenceKind;
  /** As the sender calls it; its ending has to fit, and it is not kept: people put names into it. */
  fileName: string;
  content: Buffer;
}

/** Endings of file names that fit each type. */
const ENDINGS: Readonly<Record<MediaType, RegExp>> = {
  'application/pdf': /\.pdf$/i,
  'image/jpeg': /\.jpe?g$/i,
  'image/png': /\.png$/i,
};

/** A name without a path, without controls or marks that turn the direction of writing, and not hidden. */
const FILE_NAME = /^(?!\.)[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\:*?"<>|]{1,200}$/u;

/**
 * Keeps a paper with an application of the clerk's office: told by its content, sealed, its hash for ever. The same paper sent
 * twice is one; `isNew` tells. Throws RaError `evidence-type`, `evidence-active-content`, `evidence-name-malformed`,
 * `evidence-too-large` or `evidence-too-many`.
 */
export async function addEvidence(
  house: EvidenceHouse,
  officer: Officer,
  input: EvidenceInput,
): Promise<{ evidence: Evidence; isNew: boolean }> {
  assertRole(officer, ADD_ROLES);
  const { content, kind, applicationId } = input;
  await readApplication(house, officer, applicationId);
  assertSize(content.length);
  const mediaType = mediaTypeOf(input);
  const known = await house.evidence.ofApplication(applicationId);
  if (known.length >= EVIDENCE_PER_APPLICATION_MAX)
    throw new RaError(
      'evidence-too-many',
      `an application has at most ${EVIDENCE_PER_APPLICATION_MAX} papers`,
    );
  return keepPaper(house, officer, { applicationId, kind, mediaType, content });
}

/** Seals a paper and keeps it, its hash for ever; the same paper of the same kind again is one, and `isNew` tells. */
export async function keepPaper(
  house: EvidenceHouse,
  officer: Officer,
  { content, ...paper }: Pick<Evidence, 'applicationId' | 'kind' | 'mediaType'> & { content: Buffer },
): Promise<{ evidence: Evidence; isNew: boolean }> {
  const { applicationId, kind } = paper;
  const evidence: Evidence = {
    id: newId(house.clock),
    ...paper,
    octets: content.length,
    sha256: createHash('sha256').update(content).digest(),
    addedBy: officer.id,
    addedAt: house.clock.now(),
  };
  const sealed = await house.vault.seal(evidence.id, content);
  return house.transactions.transaction(async (tx) => {
    const same = await house.evidence.insert(tx, evidence, sealed);
    if (same) return { evidence: same, isNew: false };
    await house.audit.record(tx, {
      at: evidence.addedAt,
      actor: actorOf(officer),
      action: 'add-evidence',
      outcome: 'accepted',
      subject: originOf(applicationId),
      details: { evidence: evidence.id, kind, sha256: evidence.sha256.toString('hex'), keyId: sealed.keyId },
    });
    return { evidence, isNew: true };
  });
}

/** Throws RaError `evidence-too-large`; `octets`: what is known of the size, which may be more by then. */
export function assertSize(octets: number): void {
  if (octets > EVIDENCE_OCTETS_MAX)
    throw new RaError(
      'evidence-too-large',
      `the file has ${octets} octets or more; allowed are ${EVIDENCE_OCTETS_MAX}: scan it with fewer dots or in greys`,
    );
}

function mediaTypeOf({ fileName, content }: EvidenceInput): MediaType {
  if (!FILE_NAME.test(fileName))
    throw new RaError(
      'evidence-name-malformed',
      'the file name has a path, a control or direction mark, or other characters that no file of an office has',
    );
  const mediaType = recogniseMedia(content);
  if (ENDINGS[mediaType].test(fileName)) return mediaType;
  throw new RaError('evidence-type', `the content is ${mediaType}, and the file name says something else`);
}
