import fc from 'fast-check';
import t from 'tap';

import type { Transaction } from '../../core/transaction.ts';
import { LICENCE_EVENTS, NEXT_STANDING } from '../../ra/licence/licence-event.ts';
import type { LicenceEvent, LicenceStanding } from '../../ra/licence/licence-event.ts';
import type { LicenceHouse } from '../../ra/licence/licence-house.ts';
import { processLicenceMessages } from '../../ra/licence/process-licence-messages.ts';
import { receiveLicenceMessage } from '../../ra/licence/receive-licence-message.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { holderOf, licenceMessage } from '../support/licence-letters.ts';
import { onBothServices } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// Whatever order the messages come in, however often, and wherever a process dies: in the end it is as if each had come once,
// in its turn.

t.test('messages in any order, twice, and through crashes', (t) =>
  onBothServices(t, async (t, service) => {
    const runs = t.name.includes('PGlite') ? 5 : 10;
    await fc.assert(
      fc.asyncProperty(STORIES, (story) => tell(service, story)),
      { numRuns: runs },
    );
    t.pass(`${runs} stories`);
  }),
);

/** Where a process dies: before a change, after it, or after the commit whose answer is lost. */
type Crash = 'none' | 'before-change' | 'after-change' | 'after-commit';
interface Story {
  events: LicenceEvent[];
  /** Which message is delivered, and what happens to the process while it is. */
  deliveries: { at: number; crash: Crash }[];
}

const STORIES: fc.Arbitrary<Story> = fc
  .array(fc.constantFrom(...LICENCE_EVENTS, 'suspended' as const, 'restored' as const), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((events) =>
    fc.record({
      events: fc.constant(events),
      deliveries: fc.array(
        fc.record({
          at: fc.nat({ max: events.length - 1 }),
          crash: fc.constantFrom<Crash>('none', 'none', 'before-change', 'after-change', 'after-commit'),
        }),
        { maxLength: 12 },
      ),
    }),
  );

async function tell(service: TestService, { events, deliveries }: Story): Promise<void> {
  const doctor = await issueDoctor(service);
  const bodies = events.map((event, index) =>
    Buffer.from(JSON.stringify(licenceMessage({ ...holderOf(doctor), event, sequence: index + 1 }))),
  );
  for (const { at, crash } of deliveries)
    await deliver(crashing(service, crash), bodies[at]).catch(ignoreCrash);
  const house = crashing(service, 'none');
  // What the sender heard nothing of it sends again, all at once; time passes, and what was postponed is due.
  await Promise.all([...bodies, ...bodies].map((body) => deliver(house, body)));
  service.clock.advanceSeconds(120);
  while ((await processLicenceMessages(house)) > 0);
  const expected = model(events);
  const actual = { events: await historyOf(service, doctor), messages: await messagesOf(service, doctor) };
  if (JSON.stringify(actual) !== JSON.stringify(expected))
    throw new Error(`${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
}

/** What one message after the other does to one certificate. */
function model(events: readonly LicenceEvent[]) {
  let standing: LicenceStanding = 'active';
  const history = ['issued'];
  const messages: string[] = [];
  for (const event of events) {
    const next: LicenceStanding | undefined = NEXT_STANDING[standing][event];
    messages.push(next ? 'applied' : 'refused');
    standing = next ?? standing;
    const last = history.at(-1);
    if (standing === 'suspended' && (last === 'issued' || last === 'released')) history.push('held');
    if (standing === 'active' && last === 'held') history.push('released');
    if ((standing === 'ended' || standing === 'deceased') && last !== 'revoked') history.push('revoked');
  }
  return { events: history, messages };
}

class CrashError extends Error {}

function ignoreCrash(error: unknown): void {
  if (!(error instanceof CrashError)) throw error;
}

function deliver(house: LicenceHouse, body: Buffer) {
  return receiveLicenceMessage(house, { body, signature: 'by the test', receivedBy: 'feed' });
}

/** The house of a process that dies at a certain moment; what it catches itself it does not live to see. */
function crashing({ house }: TestService, crash: Crash): LicenceHouse {
  const { licence } = house.services;
  let isDead = false;
  const die = () => {
    isDead = true;
    throw new CrashError(crash);
  };
  return {
    ...licence,
    licenceMessages: { verify: async () => ({ keyId: 'test' }) },
    onLicenceFailure: (error) => {
      throw error;
    },
    holderStatus: {
      whenVisible: () => licence.holderStatus.whenVisible(),
      lockHistory: (...of) => licence.holderStatus.lockHistory(...of),
      changeStatusIn: async (tx, request, actor) => {
        if (crash === 'before-change') die();
        const change = await licence.holderStatus.changeStatusIn(tx, request, actor);
        if (crash === 'after-change') die();
        return change;
      },
    },
    transactions: {
      transaction: async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
        if (isDead) throw new CrashError(crash);
        const result = await licence.transactions.transaction(work);
        if (crash === 'after-commit') die();
        return result;
      },
    },
  };
}

async function historyOf({ house }: TestService, { certificate }: IssuedDoctor): Promise<string[]> {
  const history = await house.stores.directory.historyOf('bronze', certificate.serialNumber);
  return history.map(({ event }) => event);
}

async function messagesOf({ house }: TestService, doctor: IssuedDoctor): Promise<string[]> {
  const { group, digits } = holderOf(doctor).councilNumber;
  const rows = await house.stores.database.query<{ state: string }>({
    text: `select state from licence_message where council_group = $1 and council_digits = $2 order by sequence`,
    values: [group, digits],
  });
  return rows.map(({ state }) => state);
}
