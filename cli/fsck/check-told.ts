import type { PgRecords } from '../../db/pg-records.ts';
import type { GoneQuestion, ToldQuestion } from '../../db/told-questions.ts';
import type { Finding } from './finding.ts';

const TOLD: Record<ToldQuestion, string> = {
  filingsNotAsTold: 'no event tells that it was filed by this officer at this time',
  approvalsNotAsTold: 'its event tells of another officer or time',
  decisionsNotAsApproved: 'its decision is not that of the officer who approved it',
  keysNotOfTheirHash: 'its key is not that of its hash',
  activationsNotAsTold: 'its events tell otherwise of who activated it, and when',
  certifiedThoughUndecided: 'it has a certificate, and is in a state that has none',
  slotsNotOfTheirHolder: 'its intent claims the place of somebody else',
  intentsOfNoSuchRenewal: 'its intent replaces another certificate than the renewal says',
  renewalsNotAsTold: 'its event, or the certificate that came of it, tells otherwise',
  renewalsOfNoCertificate: 'what it renews does not exist',
  acceptancesNotAsTold: 'no event tells of it, or tells otherwise',
  papersNotAsTold: 'its event tells of another paper, officer or time',
  passkeysNotAsTold: 'its events tell of another time, or that it was removed',
  causesOfNoHold: 'its cause names a hold that is none of its own',
  crlsNotAsTold: 'its event tells of another last change',
  crlsWithBases: 'a delta names what it builds on, and nothing else does',
};

const GONE: Record<GoneQuestion, string> = {
  crlsThatAreGone: 'an event tells that it was issued, and it is gone',
  papersThatAreGone: 'an event tells that it was added, and it is gone',
  acceptancesThatAreGone: 'an event tells that it was accepted, and what its holder signed is gone',
  renewalsThatAreGone: 'an event tells that it was asked for, and it is gone',
  applicationsThatAreGone: 'an event tells that it was filed, and it is gone',
  passkeysThatAreGone: 'an event tells that it was registered, and it is gone',
};

/** Rows against the events that tell of them: whoever owns the database changes either, but not both and the signed log. */
export async function* checkTold(records: PgRecords): AsyncGenerator<Finding> {
  // Events are written with their rows: whatever is told is there.
  for (const [ask, detail] of Object.entries(GONE))
    for (const subject of await records.subjects(ask as GoneQuestion))
      yield { code: 'event-without-row', subject, detail };
  for (const [ask, detail] of Object.entries(TOLD))
    for (const subject of await records.subjects(ask as ToldQuestion))
      yield { code: 'row-differs', subject, detail };
}
