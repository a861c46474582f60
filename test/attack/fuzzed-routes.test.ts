import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import t from 'tap';
import type { Test } from 'tap';

import type { Access } from '../../api/access.ts';
import { ROLES } from '../../ra/officer.ts';
import { operationsOf } from '../support/api-operations.ts';
import type { Operation } from '../support/api-operations.ts';
import { HOSTILE_TEXTS, mutatedJson } from '../support/hostile-input.ts';
import { issueDoctor } from '../support/issue-doctor.ts';
import type { IssuedDoctor } from '../support/issue-doctor.ts';
import { PrescriptionSystem } from '../support/prescription-system.ts';
import { valuesOf } from '../support/schema-samples.ts';
import { SoftwarePhone } from '../support/software-phone.ts';
import { onOneService } from '../support/test-service.ts';
import type { TestService } from '../support/test-service.ts';

// Every operation gets bodies and queries that its own description lets through, and the same with something wrong in them, from
// everybody who may call it. What comes back is an answer or a refusal with a code: never a 5xx that nobody has foreseen, never a
// word of the program's insides, never nothing. Bodies of the wrong type are in test/api/malformed-input.test.ts. A seed that has
// found something is kept below.

const RUNS = Number(process.env['MOHR_FUZZ_RUNS'] ?? 12);
const SEEDS = [0x6d6f6872];
const MILLISECONDS_MAX = 120_000;

/** What a deployment may lack, and says so: 503 with a code. */
const FORESEEN =
  /"code":"(register-unavailable|time-stamp-missing|validation-material-missing|key-busy|overloaded)"/;
/** Of a stack, of SQL, of a path of this machine, of a library. */
const INSIDES =
  /\bat .+:\d+:\d+|node_modules|\/(work|home|root|usr)\/|\bselect .+ from\b|violates|ECONN|TypeError|undefined is not|\[object Object\]/i;

t.test('operations, by their own descriptions', async (t) => {
  await onOneService(t, async (t, service) => {
    await service.app.ready();
    const callers = await Callers.open(service);
    for (const seed of SEEDS)
      await t.test(`with seed ${seed}`, async (t) => {
        let asked = 0;
        for (const operation of operationsOf(service.app).filter(isFuzzed)) {
          const run = fc.asyncProperty(requestsFor(operation, callers), async (request) => {
            asked += 1;
            const fault = await faultOf(service, request);
            if (fault)
              throw new Error(
                `${request.method} ${JSON.stringify(request.url)} ${JSON.stringify(request.payload)}: ${fault}`,
              );
          });
          const { failed, counterexample, errorInstance } = await fc.check(run, {
            seed,
            numRuns: RUNS,
            endOnFailure: true,
          });
          if (failed)
            t.fail(
              `${operation.method} ${operation.url}: ${String(errorInstance)} ${JSON.stringify(counterexample)}`.slice(
                0,
                3_000,
              ),
            );
        }
        t.ok(asked >= 80 * RUNS, `${asked} requests`);
      });
    await t.test('the service answers as before', async (t) => checkAlive(t, service));
  });
});

/** What waits for somebody, ends the caller's own session, or is a file. */
function isFuzzed({ method, url }: Operation): boolean {
  const waits = url === '/api/v1/device/events' || url.includes('oauth2/authorize');
  const ends = url.endsWith('/current') || url.endsWith('/sessions') || url === '/csc/v2/auth/revoke';
  return method !== 'HEAD' && !waits && !(ends && method === 'DELETE') && !url.endsWith('/evidence');
}

/** One of each kind, signed in. */
class Callers {
  readonly #cookies = new Map<string, string>();
  readonly #doctor: IssuedDoctor;
  readonly #machines: Record<string, Record<string, string>>;

  private constructor(doctor: IssuedDoctor, machines: Record<string, Record<string, string>>) {
    this.#doctor = doctor;
    this.#machines = machines;
  }

  static async open(service: TestService): Promise<Callers> {
    const doctor = await issueDoctor(service);
    const system = await PrescriptionSystem.register(service);
    const phone = new SoftwarePhone(service.app, doctor);
    const { body } = await phone.signIn();
    const machines = { 'relying-party': system.headers, device: { authorization: `Bearer ${body.token}` } };
    const callers = new Callers(doctor, machines);
    for (const role of ROLES) callers.#cookies.set(role, await service.cookieOf(role));
    return callers;
  }

  headersFor(access: Access): fc.Arbitrary<Record<string, string>> {
    if (access === 'public') return fc.constant({});
    if (typeof access === 'string' && access !== 'signed-in')
      return fc.constant(this.#machines[access] ?? { authorization: 'Bearer x' });
    const roles = access === 'signed-in' ? ROLES : access;
    return fc.constantFrom(...roles).map((role) => ({ cookie: this.#cookies.get(role)! }));
  }

  /** Of a thing that there is, of one that could be, and of none. */
  segmentFor(name: string): fc.Arbitrary<string> {
    const { applicationId, certificate, body } = this.#doctor;
    const known: Record<string, string> = {
      id: applicationId,
      authority: 'bronze',
      serialNumber: certificate.serialNumber.toString('hex'),
      nationalId: body.applicant.nationalId,
      relyingParty: 'his-1',
    };
    const one = known[name] ?? '0190a000-0000-7000-8000-000000000000';
    return fc.oneof(
      { weight: 4, arbitrary: fc.constant(one) },
      fc.uuid(),
      fc.constantFrom('..', '%2e%2e%2f', '%00', 'x'),
    );
  }
}

function requestsFor(operation: Operation, callers: Callers): fc.Arbitrary<InjectOptions> {
  const { method, url, body, query, access } = operation;
  const names = [...url.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => name);
  return fc
    .record({
      headers: callers.headersFor(access),
      segments: fc.tuple(...names.map((name) => callers.segmentFor(name))),
      payload: body ? bodiesOf(body) : fc.constant(undefined),
      query: fc.record(
        Object.fromEntries(
          Object.entries(query).map(([name, schema]) => [
            name,
            fc.oneof(valuesOf(schema).map(String), fc.constantFrom(...HOSTILE_TEXTS)),
          ]),
        ),
        { requiredKeys: [] },
      ),
      address: fc.nat(60_000),
    })
    .map(({ headers, segments, payload, query, address }) => {
      let at = 0;
      const path = url.replaceAll(/:[A-Za-z]+/g, () => segments[at++]).replace('*', 'AAAA');
      const search = Object.entries(query).map(
        ([name, value]) => `${name}=${encodeURIComponent(wellFormed(name === 'wait' ? '0' : (value ?? '')))}`,
      );
      return {
        method: method,
        url: search.length > 0 ? `${path}?${search.join('&')}` : path,
        remoteAddress: `10.${100 + (address >> 16)}.${(address >> 8) & 0xff}.${address & 0xff}`,
        headers: { ...headers, ...(payload !== undefined && { 'content-type': 'application/json' }) },
        ...(payload !== undefined && { payload }),
      };
    });
}

/** As described; with another value somewhere; and a text of the wrong kind wherever a text is wanted. */
function bodiesOf(schema: NonNullable<Operation['body']>): fc.Arbitrary<string> {
  const described = valuesOf(schema);
  return fc.oneof(
    described.map((value) => JSON.stringify(value)),
    described.chain((value) =>
      isEmpty(value) ? fc.constant('{}') : mutatedJson(value as Record<string, unknown>),
    ),
    fc
      .tuple(described, fc.constantFrom(...HOSTILE_TEXTS))
      .map(([value, text]) =>
        JSON.stringify(value, (_name, inner: unknown) => (typeof inner === 'string' ? text : inner)),
      ),
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

/** Halves of surrogate pairs have no place in an address. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Cs}/gu, '');
}

async function faultOf({ app }: TestService, request: InjectOptions): Promise<string | undefined> {
  const late = new Promise<'late'>((settle) => setTimeout(settle, MILLISECONDS_MAX, 'late').unref());
  const answer = await Promise.race([app.inject(request), late]);
  if (answer === 'late') return 'no answer';
  const { statusCode, body } = answer;
  if (statusCode >= 500 && !(statusCode === 503 && FORESEEN.test(body))) return `${statusCode} ${body}`;
  if (statusCode >= 400 && INSIDES.test(body)) return `it tells ${body}`;
  return undefined;
}

async function checkAlive(t: Test, service: TestService): Promise<void> {
  t.equal((await service.app.inject('/ready')).statusCode, 200);
  t.ok((await issueDoctor(service)).certificate, 'and issues a certificate');
}
