import type { OfficerCredentials } from '../approval/approval-store.ts';
import { attempting } from '../lockout.ts';
import type { OfficerId } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { openSession } from '../sign-in.ts';
import type { Caller, NewSession } from '../sign-in.ts';
import type { SignInHouse } from '../sign-in-house.ts';

/**
 * Opens a session for whose certificate the connection has been made with, bound to that certificate. Throws RaError
 * `certificate-not-accepted` unless it is an officer's, in time, and good by our own status history.
 */
export function signInWithCertificate(
  house: SignInHouse & { officerCredentials: OfficerCredentials },
  certificateSha256: Buffer | undefined,
  caller: Caller,
): Promise<NewSession> {
  return attempting(house, [`address:${caller.address}`], () =>
    house.transactions.transaction(async (tx) => {
      const known =
        certificateSha256 &&
        (await house.officerCredentials.find(
          tx,
          { method: 'certificate', certificateSha256 },
          house.clock.now(),
        ));
      const officer = known && (await house.officers.findOfficer(tx, known.officerId as OfficerId));
      if (!officer)
        throw new RaError(
          'certificate-not-accepted',
          'this connection was not made with the certificate of an officer that is in force',
        );
      return openSession(house, tx, officer, { method: 'certificate', certificateSha256 }, caller);
    }),
  );
}
