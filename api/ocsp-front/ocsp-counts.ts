import type { OcspAnswer } from '../../ocsp/ocsp-answer.ts';
import type { OcspResponseStatus } from '../../pki/ocsp-response.ts';

/** What was answered since the start: OCSP requests are counted, not logged one by one. */
export class OcspCounts {
  /** Given again, to octets that are known. */
  again = 0;
  /** Of the rest, by what they said. */
  readonly byStatus: Record<OcspResponseStatus, number> = {
    successful: 0,
    malformedRequest: 0,
    internalError: 0,
    tryLater: 0,
    sigRequired: 0,
    unauthorized: 0,
  };
  /** Among tryLater: those who were turned away because there was too much to sign. */
  overloaded = 0;

  add({ status, isOverloaded }: OcspAnswer): void {
    this.byStatus[status] += 1;
    if (isOverloaded) this.overloaded += 1;
  }
}
