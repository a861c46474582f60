import t from 'tap';

import { crlAuthorities } from '../../cli/crl-authorities.ts';
import { readCrlSettings } from '../../cli/crl-settings.ts';
import type { CrlSwitches } from '../../cli/crl-settings.ts';
import { loadDeploymentProfiles } from '../../cli/deployment-profiles.ts';
import type { Authority } from '../../ca/authority/authority.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function read(texts: Record<string, string>) {
  const faults: string[] = [];
  const settings = readCrlSettings({ text: (name) => texts[name], where: (name) => name }, faults);
  return { ...settings, faults };
}

const BOTH = { complete: true, shards: true, delta: false };
const ALL = { complete: true, shards: true, delta: true };

t.test('complete and sharded CRLs are on and delta CRLs off where nothing is said', (t) => {
  t.match(read({}), { crls: { others: BOTH }, crlArchiveDays: 400, faults: [] });
  t.end();
});

t.test('each CA has its own switches, or those of the others', (t) => {
  const { crls, faults } = read({ crls: ' complete silver=complete,shards,delta  oil-g2=shards ' });
  t.strictSame(faults, []);
  t.strictSame(crls.others, { complete: true, shards: false, delta: false });
  t.strictSame(
    [...crls.of],
    [
      ['silver', ALL],
      ['oil-g2', { complete: false, shards: true, delta: false }],
    ],
  );
  t.end();
});

t.test('what contradicts itself is refused', (t) => {
  for (const crls of [
    'delta',
    'shards,delta',
    'silver=shards,delta',
    'complete,complete',
    'complete,shard',
    'silver=',
    'Silver=complete',
    'complete shards',
    'silver=complete silver=complete,shards',
    'complete,',
  ])
    t.equal(read({ crls }).faults.length, 1, crls);
  for (const crlArchiveDays of ['-1', 'ever', '36526', '1.5'])
    t.equal(read({ crlArchiveDays }).faults.length, 1, crlArchiveDays);
  t.equal(read({ crlArchiveDays: '0' }).faults.length, 0);
  t.end();
});

t.test('what certificates point at cannot be switched off', async (t) => {
  const profiles = await loadDeploymentProfiles(temporaryFolder(t));
  const authority = (id: string, offered?: string[]) =>
    ({ id, assuranceLevel: 2, ...(offered && { profiles: offered }) }) as unknown as Authority;
  const switches = (
    others: Partial<CrlSwitches['others']>,
    of: CrlSwitches['of'] = new Map(),
  ): CrlSwitches => ({
    others: { ...BOTH, ...others },
    of,
  });
  let inForce = '';
  const decide = (one: Authority, chosen: CrlSwitches) =>
    crlAuthorities({
      authorities: [one],
      switches: chosen,
      profiles,
      publicUrl: 'http://pki.example',
      isAddressInForce: async (_id, address) => address === inForce,
    });
  const refused = { code: 'crl-switches' };
  await t.rejects(decide(authority('silver'), switches({ shards: false })), refused, 'doctors name shards');
  await t.rejects(
    decide(authority('silver'), switches({ complete: false })),
    refused,
    'time stamps name the list',
  );
  await t.rejects(
    decide(authority('silver'), switches({}, new Map([['gold', BOTH]]))),
    refused,
    'nobody is gold',
  );
  const cards = authority('silver', ['signing-card']);
  t.match(await decide(cards, switches({ complete: false })), [{ complete: false, shards: true }]);
  const stamps = authority('silver', ['time-stamping']);
  t.match(await decide(stamps, switches({ shards: false })), [{ complete: true, shards: false }]);
  t.match(await decide(cards, switches({ delta: true })), [ALL]);
  inForce = 'http://pki.example/crl/silver/';
  await t.rejects(
    decide(stamps, switches({ shards: false })),
    refused,
    'a certificate in force names a shard',
  );
  inForce = 'http://pki.example/crl/silver.crl';
  await t.rejects(decide(cards, switches({ complete: false })), refused, 'one in force names the list');
});
