import { setTimeout as wait } from 'node:timers/promises';

import { CampaignError } from '../../ca/campaign/campaign-error.ts';
import { Pace } from '../../ca/campaign/pace.ts';
import { readRoster } from '../../ca/campaign/roster.ts';
import { systemClock } from '../../core/clock.ts';
import { actorOf } from '../../ra/officer.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import { withCampaignHouse } from './campaign-house.ts';
import type { CampaignHouse } from './campaign-house.ts';
import { BATCH_ROWS_MAX, issueRoster } from './issue-roster.ts';
import { checkReKey, checkRenewal } from './replaced-certificate.ts';
import type { CheckReplaced } from './replaced-certificate.ts';
import { Reporter } from './reporter.ts';
import { ROSTER_COLUMNS } from './roster-application.ts';
import { openRosterFile } from './roster-file.ts';
import { recordCampaign } from './record-campaign.ts';
import { findTwoOfficers } from './two-officers.ts';
import type { TwoOfficers, TwoRoles } from './two-officers.ts';

export type IssueKind = 'issue' | 'renew' | 're-key';

/** The columns on top, and what is asked of the certificate that goes before. */
const KINDS: Record<
  IssueKind,
  { columns: string[]; check?: (house: CampaignHouse, officers: TwoOfficers) => CheckReplaced }
> = {
  issue: { columns: [] },
  renew: { columns: ['proof'], check: (house, { filedBy }) => checkRenewal(house, filedBy) },
  're-key': { columns: ['replaces'], check: (house, { filedBy }) => checkReKey(house, filedBy) },
};

const ROLES: TwoRoles = { filedBy: ['clerk'], approvedBy: ['approving-officer'] };
const RATE_MAX = 100_000;
const DEFAULT_PROFILE = 'signing-card';

/** `mohr campaign issue|renew|re-key <roster>`. Run again over the same file it goes on where it was stopped. */
export async function runIssueCampaign(kind: IssueKind, args: string[]): Promise<number> {
  const line = readCommandLine(
    {
      usage: `campaign ${kind} <roster.csv|roster.ndjson> --filed-by <officer> --approved-by <officer> [--profile <id>] [--dry-run] [--rate <N/s>] [--hsm-budget <N/s>]`,
      operands: 1,
      values: ['filed-by', 'approved-by', 'profile', 'rate', 'hsm-budget'],
      switches: ['dry-run'],
    },
    args,
    process.env,
  );
  if (!line) return USAGE_EXIT_CODE;
  const { values, settings } = line;
  const officerIds = requiredOfficers(values);
  const rate = perSecond(values['rate'], 'rate');
  const budget = perSecond(values['hsm-budget'], 'hsm-budget');
  const roster = await openRosterFile(line.operands[0]);
  const dryRun = line.switches.has('dry-run');
  const clock = systemClock;
  const hsmBudget = budget && new Pace({ perSecond: budget, clock, wait });
  return withCampaignHouse({ settings, clock, ...(hsmBudget && { hsmBudget }) }, async (house) => {
    const officers = await findTwoOfficers(house, officerIds, ROLES);
    const profileId = values['profile'] ?? DEFAULT_PROFILE;
    const authorityId = await house.authorityFor(profileId);
    const actor = actorOf(officers.approvedBy);
    const record = { house, officers, campaign: roster.campaign, kind };
    if (!dryRun) {
      const completed = await house.recover(actor);
      if (completed > 0)
        process.stderr.write(`campaign ${kind}: ${completed} left open by an earlier run are completed\n`);
      await recordCampaign({ ...record, action: 'begin-campaign', details: { profile: profileId } });
    }
    const { columns, check } = KINDS[kind];
    const { campaign, part, format } = roster;
    const rows = readRoster(roster.chunks, { format, required: [...ROSTER_COLUMNS, ...columns] });
    const io = { results: process.stdout, progress: process.stderr };
    const reporter = new Reporter({ name: `campaign ${kind}`, ...io, clock, part });
    const run = {
      house,
      terms: { ...officers, campaign, profileId, authorityId },
      ...(check && { checkReplaced: check(house, officers) }),
      dryRun,
      ...(rate && { pace: new Pace({ perSecond: rate, clock, wait }) }),
      // A slow pace goes in small steps, not in jumps.
      batchSize: Math.max(
        1,
        Math.min(BATCH_ROWS_MAX, Math.floor(Math.min(rate ?? Infinity, budget ?? Infinity))),
      ),
    };
    for await (const results of issueRoster(rows, run)) await reporter.write(results);
    const counts = reporter.end();
    if (!dryRun) await recordCampaign({ ...record, action: 'end-campaign', details: counts });
    return counts['refused'] ? 1 : 0;
  });
}

/** Both ids; throws CampaignError `usage`. */
export function requiredOfficers(values: Readonly<Record<string, string | undefined>>) {
  const { 'filed-by': filedBy, 'approved-by': approvedBy } = values;
  if (filedBy && approvedBy) return { filedBy, approvedBy };
  throw new CampaignError('usage', 'a campaign needs --filed-by and --approved-by, two officers');
}

function perSecond(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined;
  const found = /^([0-9]{1,6}(?:\.[0-9]{1,3})?)(?:\/s)?$/.exec(text);
  const value = Number(found?.[1] ?? NaN);
  if (value > 0 && value <= RATE_MAX) return value;
  throw new CampaignError('usage', `--${flag}: "${text}" is no number a second up to ${RATE_MAX}`);
}
