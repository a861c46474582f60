import type { PgSignatureEvidence } from '../../db/pg-signature-evidence.ts';
import { DomainError } from '../../core/errors.ts';
import type { Vault } from '../../signing/sealed-content.ts';
import { openSignatureEvidence } from '../../signing/sessions/sealed-evidence.ts';
import { sessionSubject } from '../../signing/sessions/session.ts';
import type { Finding } from './finding.ts';

const PAGE_ROWS = 200;

/** Opens the evidence of every signature that a phone made, and holds it against the hash that is recorded. */
export async function* checkSignatureEvidence(
  signatures: PgSignatureEvidence,
  vault: Vault,
): AsyncGenerator<Finding> {
  for await (const evidence of signatures.allEvidence(PAGE_ROWS)) {
    // Its time was over; the database lets no content go whose deletion does not stand beside it.
    if (!evidence.content) continue;
    try {
      await openSignatureEvidence({ vault }, evidence);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      yield { code: 'evidence-content', subject: sessionSubject(evidence.sessionId), detail: error.detail };
    }
  }
}
