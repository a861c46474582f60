import type { Transaction } from '../../core/transaction.ts';
import type { IssuanceIntent } from '../issue/certificate-store.ts';
import type { IssuanceAuthorization } from './issuance-authorization.ts';

/** What the records say that an intent rests on. Not believed for that: signatures in it are verified as when it was made. */
export interface AuthorizationRecords {
  of(
    tx: Transaction,
    intent: Pick<IssuanceIntent, 'origin' | 'approvalSha256'>,
  ): Promise<IssuanceAuthorization | undefined>;
}
