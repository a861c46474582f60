import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { cardSigner } from '../../keys/card/card-signer.ts';
import { certificatesOf, writeCertificates } from '../../keys/card/card-certificates.ts';
import { CardDesk } from '../../keys/card/card-desk.ts';
import { destroyCardKeys, keysOf, makeCardKey } from '../../keys/card/card-keys.ts';
import { CardModule } from '../../keys/card/card-module.ts';
import { setCardPin, unblockCardPin } from '../../keys/card/card-pins.ts';
import { CARD_TYPES } from '../../keys/card/card-types.ts';
import { initialiseCard } from '../../keys/card/initialise-card.ts';
import { logIn } from '../../keys/card/open-card.ts';
import type { OpenCard } from '../../keys/card/open-card.ts';
import { makeCertificationRequest } from '../../keys/make-certification-request.ts';
import { assertSignerMatches } from '../../keys/prove-possession.ts';
import { Passphrase } from '../../keys/passphrase.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { AT } from '../../pki/oid.ts';
import {
  PUK,
  TRANSPORT_PIN,
  configureOpensc,
  copyCard,
  deliverCard,
} from '../support/virtual-card/card-batch.ts';
import { CardStack, OPENSC_MODULE } from '../support/virtual-card/card-stack.ts';
import { INSTRUCTION } from '../support/virtual-card/virtual-card.ts';

const stack = await CardStack.start(t);
configureOpensc(stack);
const [first, second] = stack.readers;
const desk = new CardDesk([await CardModule.load(OPENSC_MODULE)], CARD_TYPES);
const PIN = new Passphrase('246800');
const TRANSPORT = new Passphrase(TRANSPORT_PIN);

await deliverCard(stack, first, '0000000001');

t.test('a card says what it is, in the reader that it is in', async (t) => {
  await first.insert('0000000001');
  const readers = await desk.readers();
  t.match(readers, [
    {
      reader: /^Virtual PCD 00 00/,
      token: { serial: '0000000001', type: { name: 'opensc' }, pinPad: false, pinState: 'unknown' },
    },
    { reader: /^Virtual PCD 00 01/, token: undefined },
  ]);
  await t.rejects(
    desk.withCard('0000000002', async () => undefined),
    { code: 'card-absent' },
  );
});

t.test('the transport PIN becomes the holder’s; a wrong one changes nothing', async (t) => {
  await t.rejects(
    withCard(async (card) => setCardPin(card, { transportPin: new Passphrase('999999'), pin: PIN })),
    { code: 'pin-wrong' },
  );
  await withCard(async (card) => setCardPin(card, { transportPin: TRANSPORT, pin: PIN }));
  await t.rejects(
    withCard(async (card) => logIn(card, TRANSPORT)),
    { code: 'pin-wrong' },
  );
  await t.resolves(withCard(async (card) => logIn(card, PIN)));
});

t.test(
  'a key is made on the card and asks for a certificate, which comes back as it was written',
  async (t) => {
    const key = await loggedIn((card) => makeCardKey(card, { purpose: 'signing', keyType: 'rsa-2048' }));
    const request = await loggedIn(async (card) => {
      const signer = cardSigner(card, keysOf(card)[0], PIN);
      await assertSignerMatches(signer, signer.subjectPublicKeyInfo);
      return makeCertificationRequest(signer, [{ type: AT.commonName, value: 'card 0000000001' }]);
    });
    const chain = certify(t.testdir(), request);
    t.ok(chain[0].subjectPublicKeyInfo.equals(key.subjectPublicKeyInfo), 'OpenSSL has verified the request');
    await loggedIn(async (card) => writeCertificates(card, chain));
    const readBack = await withCard(async (card) => certificatesOf(card));
    t.strictSame(
      readBack.map(({ certificate }) => certificate.bytes.toString('hex')).sort(),
      chain.map(({ bytes }) => bytes.toString('hex')).sort(),
    );
    t.match(pkcs11Tool('--list-objects', '--type', 'cert'), /label: +Mohr signing/);
    await loggedIn(async (card) => writeCertificates(card, chain));
    t.equal(
      (await withCard(async (card) => certificatesOf(card))).length,
      chain.length,
      'writing again adds none',
    );
    await t.rejects(
      loggedIn(async (card) => writeCertificates(card, [chain[1]])),
      { code: 'certificate-foreign' },
    );
  },
);

t.test('a second pair for authentication lives beside it, and both can be destroyed', async (t) => {
  await loggedIn((card) => makeCardKey(card, { purpose: 'authentication', keyType: 'rsa-2048' }));
  const purposes = async () => (await withCard(async (card) => keysOf(card))).map(({ purpose }) => purpose);
  t.strictSame(await purposes(), ['signing', 'authentication']);
  t.equal(await loggedIn(async (card) => destroyCardKeys(card, ['authentication'])), 2);
  t.strictSame(await purposes(), ['signing']);
  t.equal(await loggedIn(async (card) => destroyCardKeys(card, ['signing'])), 3, 'with its certificate');
  t.strictSame(await purposes(), []);
  t.equal(await loggedIn(async (card) => destroyCardKeys(card, ['signing'])), 0);
});

t.test('a key that the card could not sign with is refused before it is made', async (t) => {
  await t.rejects(
    loggedIn((card) => makeCardKey(card, { purpose: 'signing', keyType: 'p-256' })),
    { code: 'card-cannot' },
  );
  t.strictSame(await withCard(async (card) => keysOf(card)), []);
});

t.test('three wrong PINs lock the card, and the PUK unlocks it', async (t) => {
  for (const code of ['pin-wrong', 'pin-wrong', /^pin-(locked|wrong)$/])
    await t.rejects(
      withCard(async (card) => logIn(card, new Passphrase('000000'))),
      { code },
    );
  await t.rejects(
    withCard(async (card) => logIn(card, PIN)),
    { code: 'pin-locked' },
  );
  await t.rejects(
    withCard(async (card) => unblockCardPin(card, { puk: new Passphrase('9'.repeat(16)), pin: PIN })),
    { code: 'puk-wrong' },
  );
  await withCard(async (card) => unblockCardPin(card, { puk: new Passphrase(PUK), pin: PIN }));
  await t.resolves(withCard(async (card) => logIn(card, PIN)));
});

t.test('pulled while a key is made: what is left is cleared, and the next one is whole', async (t) => {
  for (const when of ['before', 'after'] as const) {
    await first.cutAt({ instruction: INSTRUCTION.generateKey, nth: 1, when });
    await t.rejects(
      loggedIn((card) => makeCardKey(card, { purpose: 'signing', keyType: 'rsa-2048' })),
      { code: 'card-pulled' },
      when,
    );
    await first.pulled();
    await first.insert('0000000001');
  }
  for (const nth of [1, 3]) {
    await first.cutAt({ instruction: INSTRUCTION.updateBinary, nth, when: 'after' });
    const outcome = await loggedIn((card) =>
      makeCardKey(card, { purpose: 'signing', keyType: 'rsa-2048' }),
    ).catch((error: { code: string }) => error.code);
    if (outcome === 'card-pulled') {
      await first.pulled();
      await first.insert('0000000001');
    } else await first.spare();
    await loggedIn(async (card) => destroyCardKeys(card, ['signing']));
    t.strictSame(await withCard(async (card) => keysOf(card)), [], `writing ${nth}`);
  }
  const key = await loggedIn((card) => makeCardKey(card, { purpose: 'signing', keyType: 'rsa-2048' }));
  await t.resolves(
    loggedIn((card) => assertSignerMatches(cardSigner(card, key, PIN), key.subjectPublicKeyInfo)),
  );
});

t.test('pulled while certificates are written: written again, they are all there', async (t) => {
  const request = await loggedIn((card) =>
    makeCertificationRequest(cardSigner(card, keysOf(card)[0], PIN), [
      { type: AT.commonName, value: 'card' },
    ]),
  );
  const chain = certify(t.testdir(), request);
  for (const [instruction, nth] of [
    [INSTRUCTION.createFile, 1],
    [INSTRUCTION.updateBinary, 2],
    [INSTRUCTION.updateBinary, 7],
  ] as const) {
    await first.cutAt({ instruction, nth, when: 'after' });
    await t.rejects(
      loggedIn(async (card) => writeCertificates(card, chain)),
      { code: 'card-pulled' },
      `${instruction.toString(16)} ${nth}`,
    );
    await first.pulled();
    await first.insert('0000000001');
    await loggedIn(async (card) => writeCertificates(card, chain));
    t.strictSame(
      (await withCard(async (card) => certificatesOf(card)))
        .map(({ certificate }) => certificate.bytes.toString('hex'))
        .sort(),
      chain.map(({ bytes }) => bytes.toString('hex')).sort(),
    );
    await loggedIn(async (card) => {
      for (const { handle } of certificatesOf(card)) card.cryptoki.C_DestroyObject(card.session, handle);
    });
  }
});

t.test('a blank card is initialised with the serial that is printed on it', async (t) => {
  await second.insert('blank');
  const [blank, ...others] = await desk.blankCards();
  t.strictSame(others, []);
  await initialiseCard(
    {
      reader: blank.reader,
      serial: '0000000009',
      label: 'Medical Council',
      pin: PIN,
      puk: new Passphrase(PUK),
    },
    { variables: process.env },
  );
  await t.resolves(desk.withCard('0000000009', async (card) => logIn(card, PIN)));
  await second.pull();
});

t.test('two cards of one serial number are none', async (t) => {
  copyCard(stack, '0000000001', 'twin');
  await second.insert('twin');
  await t.rejects(
    desk.withCard('0000000001', async () => undefined),
    { code: 'card-ambiguous' },
  );
  await second.pull();
});

t.test('a PUK that was wrong three times is none any more', async (t) => {
  copyCard(stack, '0000000001', 'lost');
  await first.pull();
  await first.insert('lost');
  const unblock = (puk: string) =>
    withCard(async (card) => unblockCardPin(card, { puk: new Passphrase(puk), pin: PIN }));
  for (const code of ['puk-wrong', 'puk-wrong', /^puk-(wrong|locked)$/])
    await t.rejects(unblock('9'.repeat(16)), { code });
  await t.rejects(unblock(PUK), { code: 'puk-locked' });
  await first.pull();
  await first.insert('0000000001');
});

t.test('a reader that was unplugged is found again', async (t) => {
  await stack.unplug();
  t.notOk((await desk.readers()).some(({ token }) => token));
  await stack.plugIn();
  await first.insert('0000000001');
  await t.resolves(withCard(async (card) => logIn(card, PIN)));
});

function withCard<T>(work: (card: OpenCard) => Promise<T>): Promise<T> {
  return desk.withCard('0000000001', work);
}

function loggedIn<T>(work: (card: OpenCard) => Promise<T>): Promise<T> {
  return withCard((card) => {
    logIn(card, PIN);
    return work(card);
  });
}

/** Has OpenSSL certify a request, by an issuer of its own; leaf first. */
function certify(folder: string, request: Buffer): Certificate[] {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  writeFileSync(join(folder, 'request.der'), request);
  if (!existsSync(join(folder, 'ca.pem')))
    openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Issuer', '-days', '2'],
    );
  openssl(
    ...['x509', '-req', '-inform', 'DER', '-in', 'request.der', '-CA', 'ca.pem', '-CAkey', 'ca.key'],
    ...['-CAcreateserial', '-days', '1', '-outform', 'DER', '-out', 'leaf.der'],
  );
  const issuer = openssl('x509', '-in', 'ca.pem', '-outform', 'DER');
  const leaf = openssl('x509', '-inform', 'DER', '-in', 'leaf.der', '-outform', 'DER');
  return [parseCertificate(leaf), parseCertificate(issuer)];
}

function pkcs11Tool(...args: string[]): string {
  return execFileSync('pkcs11-tool', ['--module', OPENSC_MODULE, ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
}
