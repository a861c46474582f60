import type { OfficerCredentials } from '../approval/approval-store.ts';
import type { OfficerCertifier } from '../officer-certificates/officer-certifier.ts';
import type { OfficerCertificateStore } from '../officer-certificates/officer-certificate-store.ts';
import type { SignInHouse } from '../sign-in-house.ts';
import type { OfficeStore } from './office-store.ts';
import type { OfficerChangeStore } from './officer-change.ts';

/** What managing offices and officers works with. */
export interface OfficeHouse extends SignInHouse {
  offices: OfficeStore;
  officerChanges: OfficerChangeStore;
  officerCredentials: OfficerCredentials;
  officerCertificates: OfficerCertificateStore;
  officerCertifier: OfficerCertifier;
}
