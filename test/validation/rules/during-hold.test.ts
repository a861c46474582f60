import t from 'tap';

import { duringHold } from '../../../validation/rules/during-hold.ts';
import { NOON } from '../../support/fixture-deployment.ts';
import { judged, ruleFacts } from '../../support/rule-facts.ts';

const at = (seconds: number) => new Date(NOON.getTime() + seconds * 1000);
/** From 100 to 200 seconds after noon, and again from 300 to 400. */
const pastHolds = [
  { from: at(100), to: at(200) },
  { from: at(300), to: at(400) },
];

async function outcomeAt(claimedSigningTime: Date | undefined): Promise<string> {
  return judged(duringHold, await ruleFacts({ pastHolds, claimedSigningTime, provenAt: at(500) }));
}

t.test('passes what was signed outside of every hold', async (t) => {
  for (const seconds of [0, 99, 200, 299, 400])
    t.equal(await outcomeAt(at(seconds)), 'passed', String(seconds));
});

t.test('fails what was signed during one, from its first second to its last', async (t) => {
  for (const seconds of [100, 199, 300, 399])
    t.equal(await outcomeAt(at(seconds)), 'failed signed-during-hold', String(seconds));
});

t.test('fails what does not say when it was signed', async (t) => {
  t.equal(await outcomeAt(undefined), 'failed signed-during-hold-not-excluded');
});

t.test('has nothing to say where there was no hold', async (t) => {
  t.equal(judged(duringHold, await ruleFacts({ claimedSigningTime: undefined })), 'not-applicable');
});
