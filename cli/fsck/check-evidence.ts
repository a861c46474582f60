import type { PgEvidenceStore } from '../../db/pg-evidence-store.ts';
import { DomainError } from '../../core/errors.ts';
import type { EvidenceVault } from '../../ra/evidence/evidence-house.ts';
import { openEvidence } from '../../ra/evidence/read-evidence.ts';
import { beginsAs } from '../../ra/evidence/recognise-media.ts';
import type { Finding } from './finding.ts';

const PAGE_ROWS = 200;

/** Opens every paper that is kept, and holds it against the hash and the size that are recorded. */
export async function* checkEvidence(
  evidence: PgEvidenceStore,
  vault: EvidenceVault,
): AsyncGenerator<Finding> {
  for await (const { evidence: paper, isDeleted } of evidence.all(PAGE_ROWS)) {
    if (isDeleted) continue;
    const subject = `evidence:${paper.id}`;
    try {
      const content = await openEvidence({ evidence, vault }, paper);
      if (content.length !== paper.octets)
        yield {
          code: 'evidence-size',
          subject,
          detail: `${content.length} octets, recorded ${paper.octets}`,
        };
      if (!beginsAs(content, paper.mediaType))
        yield { code: 'evidence-content', subject, detail: `it is no ${paper.mediaType}` };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // Its time may have been over meanwhile.
      if (await evidence.isDeleted(paper.id)) continue;
      yield { code: 'evidence-content', subject, detail: error.detail };
    }
  }
}
