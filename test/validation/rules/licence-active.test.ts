import t from 'tap';

import { licenceActive } from '../../../validation/rules/licence-active.ts';
import { judged, ruleFacts } from '../../support/rule-facts.ts';

const SUSPENDED = { event: 'suspended', at: new Date('2026-06-10T08:00:00Z') } as const;
const RESTORED = { event: 'restored', at: new Date('2026-06-12T08:00:00Z') } as const;
const NOT_ACTIVE = 'failed licence-not-active-when-signed';

async function outcomeOf(licence: (typeof SUSPENDED | typeof RESTORED)[], claimed: string, proven = claimed) {
  const facts = { licence, claimedSigningTime: new Date(claimed), provenAt: new Date(proven) };
  return judged(licenceActive, await ruleFacts(facts));
}

t.test('passes before a suspension and after it is over, to the second', async (t) => {
  const licence = [SUSPENDED, RESTORED];
  t.equal(await outcomeOf(licence, '2026-06-10T07:59:59Z'), 'passed');
  t.equal(await outcomeOf(licence, '2026-06-10T08:00:00Z'), NOT_ACTIVE);
  t.equal(await outcomeOf(licence, '2026-06-12T07:59:59Z'), NOT_ACTIVE);
  t.equal(await outcomeOf(licence, '2026-06-12T08:00:00Z'), 'passed');
});

t.test('what is proven later does not heal what is claimed, nor the other way round', async (t) => {
  const licence = [SUSPENDED, RESTORED];
  t.equal(await outcomeOf(licence, '2026-06-11T08:00:00Z', '2026-06-13T08:00:00Z'), NOT_ACTIVE);
  t.equal(await outcomeOf(licence, '2026-06-09T08:00:00Z', '2026-06-11T08:00:00Z'), NOT_ACTIVE);
  t.equal(await outcomeOf(licence, '2026-06-09T08:00:00Z', '2026-06-13T08:00:00Z'), 'passed');
});

t.test('an ended licence and a death stay', async (t) => {
  for (const event of ['ended', 'deceased'] as const) {
    const facts = await ruleFacts({ licence: [{ event, at: SUSPENDED.at }] });
    t.equal(judged(licenceActive, facts), NOT_ACTIVE, event);
  }
});

t.test('nobody against it is good; nobody to ask is not applicable; no answer is no pass', async (t) => {
  t.equal(judged(licenceActive, await ruleFacts({ licence: [] })), 'passed');
  t.equal(judged(licenceActive, await ruleFacts({ licence: 'not-asked' })), 'not-applicable');
  t.equal(judged(licenceActive, await ruleFacts({ licence: 'unavailable' })), 'failed licence-unavailable');
});
