import { DomainError } from '../../core/errors.ts';
import { parseNationalId } from '../../core/national-id.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { CertificateRecord } from '../certificate-directory.ts';
import type { RecordedCause } from '../holds/hold-store.ts';
import { actorOf, assertRole, seesAllOffices } from '../officer.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { HOLDER_ROLES } from './holder-house.ts';
import type { HolderHouse } from './holder-house.ts';
import type { Holder, HolderContact } from './holder.ts';
import type { FiledCase } from './holder-store.ts';

/** Of each kind; nobody has more in a life. */
const ROWS_MAX = 100;

export interface HolderFile {
  holder: Holder;
  contact: HolderContact;
  /** Newest first. */
  applications: FiledCase[];
  certificates: (CertificateRecord & { history: StatusChange[]; causes: RecordedCause[] })[];
}

/**
 * Everything that the officer may know of one person: their own office's cases, or all for the CA's staff. That the file was
 * opened is recorded. Throws RaError `holder-unknown` where there is nothing for this officer.
 */
export async function readHolderFile(
  house: HolderHouse,
  officer: Officer,
  nationalIdText: string,
): Promise<HolderFile> {
  assertRole(officer, HOLDER_ROLES);
  const holder = await house.holders.find(nationalIdOf(nationalIdText));
  const officeId = seesAllOffices(officer) ? undefined : officer.officeId;
  const applications = holder ? await house.holders.casesOf(holder.nationalId, officeId, ROWS_MAX) : [];
  if (!holder || applications.length === 0) throw new RaError('holder-unknown', 'no such holder');
  const found = await house.directory.search({
    nationalId: holder.nationalId,
    ...(officeId && { officeId }),
    limit: ROWS_MAX,
  });
  const certificates: HolderFile['certificates'] = [];
  for (const record of found) {
    const { authorityId, serialNumber } = record;
    const history = await house.directory.historyOf(authorityId, serialNumber);
    const causes = await house.holds.recordOf(authorityId, serialNumber);
    certificates.push({ ...record, history, causes });
  }
  await recordReading(house, officer, holder);
  return { holder, contact: await house.holders.contactOf(holder.id), applications, certificates };
}

/** What is no national id is nobody's; the number itself is repeated nowhere. */
function nationalIdOf(text: string) {
  try {
    return parseNationalId(text);
  } catch (error) {
    if (error instanceof DomainError) throw new RaError('holder-unknown', 'no such holder');
    throw error;
  }
}

async function recordReading(
  { audit, transactions, clock }: HolderHouse,
  officer: Officer,
  { id }: Holder,
): Promise<void> {
  await transactions.transaction((tx) =>
    audit.record(tx, {
      at: clock.now(),
      actor: actorOf(officer),
      action: 'read-holder-file',
      outcome: 'accepted',
      subject: `holder:${id}`,
      details: {},
    }),
  );
}
