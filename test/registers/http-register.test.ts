import { randomUUID } from 'node:crypto';

import t from 'tap';
import type { Test } from 'tap';

import type { PlannedFault } from '../../cli/registers/planned-fault.ts';
import { publicKeysOf } from '../../cli/registers/register-keys.ts';
import { syntheticDoctor } from '../../cli/registers/registered-person.ts';
import type { RegisterFault } from '../../ra/registers/register.ts';
import { HttpRegister } from '../../registers/http-register.ts';
import type { HttpRegisterOptions } from '../../registers/http-register.ts';
import { developmentRegisters } from '../support/development-registers.ts';

const DOCTOR = syntheticDoctor(7);
/** A busy machine answers late, and that is no failure here. */
const PATIENT = { attemptMilliseconds: 20_000, totalMilliseconds: 60_000, retriesMax: 0, failuresMax: 50 };
/** For what never answers. */
const HASTY = { attemptMilliseconds: 50, retriesMax: 0 };

async function council(t: Test, options: Partial<HttpRegisterOptions> = {}) {
  const { server, keys } = await developmentRegisters(t);
  const url = `${server.url}/medical-council`;
  const jwks = publicKeysOf(keys);
  const open = (more: Partial<HttpRegisterOptions>) =>
    HttpRegister.open('medical-council', { url, jwks, ...PATIENT, ...options, ...more });
  return { server, keys, register: await open({}), hasty: await open(HASTY) };
}

t.test('an authentic answer is an entry, or that there is none', async (t) => {
  const { register } = await council(t);
  const found = await register.lookUp(DOCTOR, randomUUID());
  const { nationalId, givenName, surname, councilNumber } = DOCTOR;
  t.match(found, {
    kind: 'found',
    entry: { nationalId, givenName, surname, councilNumber, licence: 'active' },
  });
  t.match(
    JSON.parse('raw' in found ? String(found.raw) : ''),
    { register: 'medical-council' },
    'the raw answer is there',
  );
  const stranger = { ...DOCTOR, nationalId: '0012345679' as typeof nationalId };
  t.match(await register.lookUp(stranger, randomUUID()), { kind: 'unknown' });
});

const FAULTS: [name: string, fault: PlannedFault, result: RegisterFault][] = [
  ['a register that hangs', { kind: 'hang' }, 'timeout'],
  ['an answer that trickles', { kind: 'trickle' }, 'timeout'],
  ['an answer that comes too late', { kind: 'delay', milliseconds: 150 }, 'timeout'],
  ['a connection that breaks', { kind: 'reset' }, 'unreachable'],
  ['an internal error', { kind: 'status', status: 500 }, 'server-error'],
  ['too many requests', { kind: 'status', status: 429 }, 'server-error'],
  ['a refusal', { kind: 'status', status: 403 }, 'request-refused'],
  ['a redirect', { kind: 'status', status: 302 }, 'request-refused'],
  ['nonsense that is signed', { kind: 'garbage' }, 'answer-malformed'],
  ['an entry that is none', { kind: 'malformed' }, 'answer-malformed'],
  ['an answer without a signature', { kind: 'unsigned' }, 'answer-unsigned'],
  ['a signature by another key', { kind: 'wrong-key' }, 'answer-unsigned'],
  ['an answer to another question', { kind: 'foreign' }, 'answer-foreign'],
  ['an answer beyond all measure', { kind: 'oversize' }, 'answer-too-large'],
];

t.test('whatever else comes back says nothing', async (t) => {
  const { server, register, hasty } = await council(t);
  for (const [name, fault, result] of FAULTS) {
    server.faults.plan('medical-council', fault);
    const asked = result === 'timeout' ? hasty : register;
    t.match(await asked.lookUp(DOCTOR, randomUUID()), { kind: 'unavailable', fault: result }, name);
  }
  server.faults.plan('medical-council', undefined);
  t.match(await register.lookUp(DOCTOR, randomUUID()), { kind: 'found' }, 'and afterwards all is well');
});

t.test('an answer that is withheld once is asked for again, a refusal is not', async (t) => {
  const { server, register } = await council(t, { attemptMilliseconds: 500, retriesMax: 10 });
  for (const kind of ['reset', 'hang'] as const) {
    server.faults.plan('medical-council', { kind, times: 1 });
    t.match(await register.lookUp(DOCTOR, randomUUID()), { kind: 'found' }, kind);
  }
  server.faults.plan('medical-council', { kind: 'status', status: 400, times: 1 });
  t.match(await register.lookUp(DOCTOR, randomUUID()), { kind: 'unavailable', fault: 'request-refused' });
});

t.test('a register that fails again and again is left alone for a while', async (t) => {
  const { server, register } = await council(t, { failuresMax: 3, retriesMax: 0, openMilliseconds: 30 });
  server.faults.plan('medical-council', { kind: 'status', status: 500 });
  const faults: string[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const lookUp = await register.lookUp(DOCTOR, randomUUID());
    faults.push('fault' in lookUp ? lookUp.fault : lookUp.kind);
  }
  t.strictSame(faults, ['server-error', 'server-error', 'server-error', 'circuit-open']);
  t.equal(register.circuit(), 'open');
  server.faults.plan('medical-council', undefined);
  await t.resolves(async () => {
    // The circuit closes by itself; asking is what finds it out.
    for (;;) if ((await register.lookUp(DOCTOR, randomUUID())).kind === 'found') return;
  });
  t.equal(register.circuit(), 'closed');
});

t.test('nobody at the address is unreachable', async (t) => {
  const { keys } = await council(t);
  const register = await HttpRegister.open('shahkar', {
    url: 'http://127.0.0.1:1/',
    jwks: publicKeysOf(keys),
    ...PATIENT,
  });
  const claim = { nationalId: DOCTOR.nationalId, mobile: DOCTOR.mobile };
  t.match(await register.lookUp(claim, randomUUID()), { kind: 'unavailable', fault: 'unreachable' });
});

t.test('the key of one register does not sign for another', async (t) => {
  const { keys, server } = await developmentRegisters(t);
  const jwks = { keys: publicKeysOf(keys).keys.filter(({ register }) => register !== 'civil-registry') };
  const url = `${server.url}/civil-registry`;
  const register = await HttpRegister.open('civil-registry', { url, jwks, ...PATIENT });
  t.match(await register.lookUp(DOCTOR, randomUUID()), { kind: 'unavailable', fault: 'answer-unsigned' });
});
