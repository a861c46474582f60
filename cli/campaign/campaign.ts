import { DomainError } from '../../core/errors.ts';
import { runIssueCampaign } from './run-issue-campaign.ts';
import { runRevokeCampaign } from './run-revoke-campaign.ts';

const KINDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  issue: (args) => runIssueCampaign('issue', args),
  renew: (args) => runIssueCampaign('renew', args),
  're-key': (args) => runIssueCampaign('re-key', args),
  revoke: runRevokeCampaign,
};

/** `mohr campaign issue|renew|re-key|revoke`: certificates by the thousand. Exit code 1: some rows were refused. */
export async function campaign([kind = '', ...args]: string[]): Promise<number> {
  const run = KINDS[kind];
  if (run) return run(args);
  throw new DomainError('usage', `expected: mohr campaign ${Object.keys(KINDS).join('|')}`);
}
