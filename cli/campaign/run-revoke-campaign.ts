import { createHash } from 'node:crypto';
import { basename } from 'node:path';

import { CampaignError } from '../../ca/campaign/campaign-error.ts';
import { revokeAll } from '../../ca/status/revoke-all.ts';
import type { CertificateId } from '../../ca/status/status-store.ts';
import { systemClock } from '../../core/clock.ts';
import { toAsciiDigits } from '../../core/digits.ts';
import { isUuid } from '../../core/ids.ts';
import { certificatesOfCampaign, certificatesOfOffice } from '../../db/certificate-pages.ts';
import { REVOCATION_REASONS } from '../../pki/revocation-reason.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { STATUS_ROLES } from '../../ra/change-certificate-status.ts';
import { actorOf } from '../../ra/officer.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import { withStores } from '../open-database.ts';
import { readInputFile } from '../read-input-file.ts';
import type { Stores } from '../stores.ts';
import { recordCampaign } from './record-campaign.ts';
import { Reporter } from './reporter.ts';
import { openRosterFile } from './roster-file.ts';
import { requiredOfficers } from './run-issue-campaign.ts';
import { findTwoOfficers } from './two-officers.ts';
import type { TwoRoles } from './two-officers.ts';

/** A batch holds the history's lock while it is written: small enough that OCSP followers hardly wait. */
const BATCH_ROWS = 500;

/** A clerk of the office or an operator files; ending certificates is approved by the CA's operators only. */
const ROLES: TwoRoles = { filedBy: ['clerk', 'ca-operator'], approvedBy: STATUS_ROLES.revoked };

/** What a roster is called in events and decisions. */
const CAMPAIGN = /^[0-9a-f]{16}$/;

interface SerialRow {
  line: number;
  id?: CertificateId;
}

/** `mohr campaign revoke`: all certificates of an office, of a campaign, or those of a file. What is revoked already is passed over. */
export async function runRevokeCampaign(args: string[]): Promise<number> {
  const line = readCommandLine(
    {
      usage:
        'campaign revoke --office <id>|--batch <roster or campaign>|--serials <file> --reason <reason> --filed-by <officer> --approved-by <officer> [--dry-run]',
      operands: 0,
      values: ['office', 'batch', 'serials', 'reason', 'filed-by', 'approved-by'],
      switches: ['dry-run'],
    },
    args,
    process.env,
  );
  if (!line) return USAGE_EXIT_CODE;
  const { values } = line;
  const officerIds = requiredOfficers(values);
  const reason = requiredReason(values['reason']);
  const selection = await selectionOf(values);
  const dryRun = line.switches.has('dry-run');
  return withStores(line.settings, async (stores) => {
    const officers = await findTwoOfficers(stores, officerIds, ROLES);
    const house = { ...stores, transactions: stores.database, clock: systemClock };
    const record = { house, officers, campaign: selection.campaign, kind: 'revoke' };
    const io = { results: process.stdout, progress: process.stderr, clock: systemClock };
    const reporter = new Reporter({ name: 'campaign revoke', ...io });
    if (!dryRun) await recordCampaign({ ...record, action: 'begin-campaign', details: { reason } });
    const requestedBy = `campaign:${selection.campaign}`;
    const details = { filedBy: officers.filedBy.id, approvedBy: officers.approvedBy.id };
    for await (const rows of selection.batches(stores)) {
      const certificates = rows.flatMap(({ id }) => id ?? []);
      const request = { certificates, reason, requestedBy, details };
      const outcomes = dryRun
        ? await wouldRevoke(stores, certificates)
        : await revokeAll(house, request, actorOf(officers.approvedBy));
      const next = outcomes.values();
      await reporter.write(rows.map((row) => resultOf(row, row.id ? next.next().value! : undefined)));
    }
    const counts = reporter.end();
    if (!dryRun) await recordCampaign({ ...record, action: 'end-campaign', details: counts });
    return counts['refused'] ? 1 : 0;
  });
}

async function wouldRevoke({ database, statuses }: Stores, certificates: readonly CertificateId[]) {
  const last = await database.transaction((tx) => statuses.lockAndReadLast(tx, certificates));
  const events = new Map(last.map((change) => [nameOf(change), change.event]));
  return certificates.map((id) => {
    const event = events.get(nameOf(id));
    if (!event) return 'certificate-unknown' as const;
    return event === 'revoked' ? ('was-revoked' as const) : ('would-revoke' as const);
  });
}

function resultOf({ line, id }: SerialRow, outcome: string | undefined) {
  if (!id || outcome === undefined) return { line, outcome: 'refused', code: 'serial-malformed' };
  const subject = { authority: id.authorityId, serialNumber: id.serialNumber.toString('hex') };
  if (outcome === 'certificate-unknown') return { line, outcome: 'refused', code: outcome, ...subject };
  return { line, outcome, ...subject };
}

interface Selection {
  campaign: string;
  batches(stores: Stores): AsyncIterable<SerialRow[]>;
}

async function selectionOf(values: Readonly<Record<string, string | undefined>>): Promise<Selection> {
  const { office, batch, serials } = values;
  const given = [office, batch, serials].filter((value) => value !== undefined);
  if (given.length !== 1 || (office !== undefined && !isUuid(office)))
    throw new CampaignError(
      'usage',
      'expected one of --office <id>, --batch <roster or campaign> and --serials <file>',
    );
  if (office !== undefined) {
    const pages = ({ database }: Stores) => certificatesOfOffice(database, office, BATCH_ROWS);
    return { campaign: `office-${office}`, batches: (stores) => rowsOfPages(pages(stores)) };
  }
  if (batch !== undefined) {
    const campaign = CAMPAIGN.test(batch) ? batch : (await openRosterFile(batch)).campaign;
    const pages = ({ database }: Stores) => certificatesOfCampaign(database, campaign, BATCH_ROWS);
    return { campaign: `batch-${campaign}`, batches: (stores) => rowsOfPages(pages(stores)) };
  }
  return selectionOfFile(serials!);
}

async function selectionOfFile(serials: string): Promise<Selection> {
  const text = await readInputFile(serials);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const lines = text
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split('\n');
  return { campaign: `${basename(serials)}-${sha256.slice(0, 16)}`, batches: () => rowsOfLines(lines) };
}

async function* rowsOfPages(pages: AsyncIterable<CertificateId[]>): AsyncGenerator<SerialRow[]> {
  let line = 0;
  for await (const page of pages) {
    yield page.map((id) => ({ line: (line += 1), id }));
  }
}

/** `<authority>/<serial number in hexadecimal>`, one a line; empty lines and those that begin with # are passed over. */
async function* rowsOfLines(lines: readonly string[]): AsyncGenerator<SerialRow[]> {
  let batch: SerialRow[] = [];
  for (const [index, text] of lines.entries()) {
    const trimmed = toAsciiDigits(text.trim().toLowerCase());
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const found = /^([a-z][a-z0-9-]{0,40})\/((?:[0-9a-f]{2}){8,20})$/.exec(trimmed);
    const id = found && { authorityId: found[1], serialNumber: Buffer.from(found[2], 'hex') };
    batch.push({ line: index + 1, ...(id && { id }) });
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function requiredReason(text: string | undefined): RevocationReason {
  if (text !== undefined && Object.hasOwn(REVOCATION_REASONS, text)) return text as RevocationReason;
  throw new CampaignError('usage', `--reason: expected one of ${Object.keys(REVOCATION_REASONS).join(', ')}`);
}

function nameOf({ authorityId, serialNumber }: CertificateId): string {
  return `${authorityId}/${serialNumber.toString('hex')}`;
}
