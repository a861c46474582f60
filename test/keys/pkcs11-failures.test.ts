import t from 'tap';

import { KeyError } from '../../keys/key-error.ts';
import { Passphrase } from '../../keys/passphrase.ts';
import { openPkcs11Signer } from '../../keys/pkcs11-signer.ts';
import type { Pkcs11SignerOptions } from '../../keys/pkcs11-signer.ts';
import { CKA, CKF, CKM } from '../../keys/pkcs11/constants.ts';
import { Pkcs11Module } from '../../keys/pkcs11/pkcs11-module.ts';
import { SessionPool } from '../../keys/pkcs11/session-pool.ts';
import { AT } from '../../pki/oid.ts';
import { FakeCryptoki, newKey } from '../support/fake-cryptoki.ts';
import { FIXTURE_NOT_AFTER, FIXTURE_NOT_BEFORE, fixtureCertificate } from '../support/fixture-certificate.ts';
import { memorySigner } from '../support/memory-signer.ts';

// What no software token does on demand: every way in which hardware goes away, told by a token in memory.

const message = Buffer.from('message');
const goneAway = [
  'CKR_DEVICE_REMOVED',
  'CKR_DEVICE_ERROR',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_OBJECT_HANDLE_INVALID',
  'CKR_OPERATION_ACTIVE',
  'CKR_GENERAL_ERROR',
  'CKR_VENDOR_DEFINED',
];

t.test('a call that fails is tried once more on a new session', async (t) => {
  for (const returnValue of goneAway) {
    for (const call of ['C_SignInit', 'C_SignAsync'] as const) {
      const { signer, token } = await open();
      token.failNext(call, returnValue);
      await t.resolves(signer.sign(message), `${call} ${returnValue}`);
      t.equal(token.count('C_Login'), 2, 'on a new session, logged in');
      await signer.close();
      t.equal(token.openSessions, 0);
    }
  }
});

t.test('a call that fails twice is refused, and the one after it works', async (t) => {
  const { signer, token } = await open();
  token.failNext('C_SignAsync', 'CKR_DEVICE_REMOVED', 'CKR_DEVICE_REMOVED');
  await t.rejects(signer.sign(message), {
    code: 'key-unavailable',
    detail: 'pkcs11:token=T;object=k: CKR_DEVICE_REMOVED',
    context: { returnValue: 'CKR_DEVICE_REMOVED' },
  });
  await t.resolves(signer.sign(message));
});

t.test('a token that is away is not asked again before the pause is over', async (t) => {
  let nowMs = 0;
  const { signer, token } = await open({ reconnectPauseMs: 1000, elapsedMs: () => nowMs });
  token.loseSessions();
  token.failNext('C_OpenSession', 'CKR_TOKEN_NOT_PRESENT', 'CKR_TOKEN_NOT_PRESENT');
  await t.rejects(signer.sign(message), { code: 'key-unavailable' });
  const asked = token.count('C_GetSlotList');
  nowMs = 999;
  await t.rejects(signer.sign(message), { code: 'key-unavailable', detail: /due in 1 ms/ });
  t.equal(token.count('C_GetSlotList'), asked);
  nowMs = 1000;
  await t.resolves(signer.sign(message));
});

t.test('many signatures that fail at once reconnect once', async (t) => {
  const { signer, token } = await open({ sessionsMax: 4 });
  await Promise.all(Array.from({ length: 8 }, () => signer.sign(message)));
  token.loseSessions();
  await t.resolves(Promise.all(Array.from({ length: 50 }, () => signer.sign(message))));
  t.equal(token.count('C_Login'), 2);
});

t.test('a refused PIN is never tried twice', async (t) => {
  for (const returnValue of ['CKR_PIN_INCORRECT', 'CKR_PIN_LOCKED', 'CKR_PIN_EXPIRED']) {
    const { signer, token } = await open();
    token.loseSessions();
    token.failNext('C_Login', returnValue);
    await t.rejects(signer.sign(message), { code: 'key-unavailable', detail: new RegExp(returnValue) });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await t.rejects(signer.sign(message), { code: 'key-unavailable' });
    }
    t.equal(token.count('C_Login'), 2, 'the one at opening and the refused one');
  }
});

t.test('another key under the same label is not our key', async (t) => {
  const { signer, token } = await open();
  token.loseSessions();
  token.privateKey = newKey();
  await t.rejects(signer.sign(message), { code: 'key-unavailable', detail: /another key/ });
});

t.test('a key that does not belong to its public key does not open', async (t) => {
  const token = new FakeCryptoki();
  const foreign = new FakeCryptoki();
  token.publicKeyObject = { [CKA.ecPoint]: pointOf(foreign) };
  await t.rejects(open({}, token), { code: 'key-mismatch' });
  t.equal(token.openSessions, 0);
  t.equal(token.count('C_Finalize'), 1, 'nothing is left open');
});

t.test('the module begins anew for a token that does not come back otherwise', async (t) => {
  const { signer, token } = await open();
  token.loseSessions();
  token.failNext('C_GetSlotList', 'CKR_DEVICE_ERROR');
  await t.resolves(signer.sign(message));
  t.equal(token.count('C_Initialize'), 2);
});

t.test('the module does not begin anew under another signer', async (t) => {
  const token = new FakeCryptoki();
  const module = new Pkcs11Module('/fake.so', token);
  const first = await open({ module }, token);
  const second = await open({ module }, token);
  token.failNext('C_SignInit', 'CKR_DEVICE_ERROR');
  token.failNext('C_GetSlotList', 'CKR_DEVICE_ERROR');
  await t.rejects(first.signer.sign(message), { code: 'key-unavailable' });
  t.equal(token.count('C_Initialize'), 1);
  await t.resolves(second.signer.sign(message));
  await t.resolves(first.signer.sign(message));
});

t.test('a module that cannot begin anew is tried again later', async (t) => {
  const { signer, token } = await open();
  token.loseSessions();
  token.failNext('C_GetSlotList', 'CKR_DEVICE_ERROR');
  token.failNext('C_Initialize', 'CKR_GENERAL_ERROR');
  await t.rejects(signer.sign(message), { code: 'key-unavailable' });
  await t.resolves(signer.sign(message));
});

t.test(
  'a module that somebody else initialized is refused and left alone: it may have no locks',
  async (t) => {
    const token = new FakeCryptoki();
    token.C_Initialize();
    token.failNext('C_Initialize', 'CKR_CRYPTOKI_ALREADY_INITIALIZED');
    await t.rejects(open({}, token), { code: 'pkcs11-module', detail: /something else in this process/ });
    t.equal(token.count('C_OpenSession'), 0);
    t.equal(token.count('C_Finalize'), 0);
  },
);

t.test('a module that somebody else initialized while it began anew is not signed with', async (t) => {
  const { signer, token } = await open({ reconnectPauseMs: 0 });
  token.loseSessions();
  token.failNext('C_GetSlotList', 'CKR_DEVICE_ERROR');
  token.failNext('C_Initialize', 'CKR_CRYPTOKI_ALREADY_INITIALIZED');
  const signed = token.count('C_SignAsync');
  await t.rejects(signer.sign(message), { code: 'key-unavailable' });
  token.failNext('C_Initialize', 'CKR_CRYPTOKI_ALREADY_INITIALIZED');
  await t.rejects(signer.sign(message), { code: 'key-unavailable' });
  t.equal(token.count('C_SignAsync'), signed);
  await t.resolves(signer.sign(message), 'once the other has finalized it');
});

t.test('a module that cannot be initialized is named', async (t) => {
  const token = new FakeCryptoki();
  token.failNext('C_Initialize', 'CKR_CANT_LOCK');
  await t.rejects(open({}, token), { code: 'pkcs11-module', detail: /CKR_CANT_LOCK/ });
});

t.test('a token that grants one session signs all the same', async (t) => {
  const token = new FakeCryptoki();
  token.sessionsMax = 1;
  const { signer } = await open({ sessionsMax: 4 }, token);
  await t.resolves(Promise.all(Array.from({ length: 20 }, () => signer.sign(message))));
});

t.test('beyond the bound of the queue signatures are refused, and those that wait are served', async (t) => {
  const token = new FakeCryptoki();
  const session = token.C_OpenSession();
  const pool = new SessionPool({
    module: new Pkcs11Module('/fake.so', token),
    slot: session,
    session,
    sessionsMax: 1,
  });
  let openGate = (): void => undefined;
  const gate = new Promise<void>((resolve) => (openGate = resolve));
  const accepted = Array.from({ length: 10_001 }, () => pool.use(() => gate));
  await t.rejects(
    pool.use(() => gate),
    { code: 'key-busy' },
  );
  openGate();
  await t.resolves(Promise.all(accepted));
});

t.test('a signature that was refused for the queue leaves the connection as it is', async (t) => {
  const { signer, token } = await open({ sessionsMax: 1 });
  const sign = token.C_SignAsync.bind(token);
  token.C_SignAsync = () => Promise.reject(new KeyError('key-busy', 'too many wait'));
  await t.rejects(signer.sign(message), { code: 'key-busy' });
  token.C_SignAsync = sign;
  await t.resolves(signer.sign(message));
  t.equal(token.count('C_Login'), 1);
});

t.test('a token that asks for no login gets none', async (t) => {
  const token = new FakeCryptoki();
  token.flags = 0;
  const { signer } = await open({ pin: undefined }, token);
  await t.resolves(signer.sign(message));
  t.equal(token.count('C_Login'), 0);
});

t.test('a token with its own PIN pad is asked to log in without a PIN', async (t) => {
  const token = new FakeCryptoki();
  token.flags = CKF.loginRequired | CKF.protectedAuthenticationPath;
  token.pin = undefined;
  await t.resolves(open({ pin: undefined }, token));
  t.strictSame(token.pins, [undefined]);
});

t.test('a process that is logged in already goes on', async (t) => {
  const token = new FakeCryptoki();
  token.failNext('C_Login', 'CKR_USER_ALREADY_LOGGED_IN');
  await t.resolves(open({}, token));
});

t.test('a token without a mechanism for the algorithm is refused', async (t) => {
  const token = new FakeCryptoki();
  token.mechanisms = [CKM.rsaPkcs];
  await t.rejects(open({}, token), { code: 'algorithm-mismatch' });
});

t.test('an EC point is read with and without its wrapping', async (t) => {
  const token = new FakeCryptoki();
  token.publicKeyObject = { [CKA.ecPoint]: pointOf(token).subarray(2) };
  await t.resolves(open({}, token));
  token.publicKeyObject = { [CKA.ecPoint]: Buffer.from('0401ff', 'hex') };
  await t.rejects(open({}, token), { code: 'key-not-found' }, 'a point that is none');
  token.publicKeyObject = { [CKA.ecPoint]: Buffer.from('0402ff', 'hex') };
  await t.rejects(open({}, token), { code: 'key-not-found' }, 'a wrapping of the wrong length');
});

t.test('a card without public key objects is read through its certificate', async (t) => {
  const token = new FakeCryptoki();
  const signer = memorySigner(token.privateKey);
  const template = {
    subject: [{ type: AT.commonName, value: 'Card' }],
    subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
    notBefore: FIXTURE_NOT_BEFORE,
    notAfter: FIXTURE_NOT_AFTER,
    serialNumber: Buffer.from([1]),
    extensions: [],
  };
  token.publicKeyObject = undefined;
  await t.rejects(open({}, token), { code: 'key-not-found' });
  token.certificate = (await fixtureCertificate(template, { signer })).bytes;
  const opened = await open({}, token);
  t.same(opened.signer.subjectPublicKeyInfo, signer.subjectPublicKeyInfo);
});

async function open(options: Partial<Pkcs11SignerOptions> = {}, token = new FakeCryptoki()) {
  const signer = await openPkcs11Signer({
    uri: 'pkcs11:token=T;object=k?module-path=/fake.so',
    pin: new Passphrase('1234'),
    module: new Pkcs11Module('/fake.so', token),
    reconnectPauseMs: 0,
    ...options,
  });
  return { signer, token };
}

function pointOf(token: FakeCryptoki): Buffer {
  const session = token.C_OpenSession();
  const [{ value }] = token.C_GetAttributeValue(session, Buffer.from([2, 0, 0, 0]), [{ type: CKA.ecPoint }]);
  token.C_CloseSession(session);
  return value;
}
