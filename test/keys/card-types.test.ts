import t from 'tap';

import { setCardPin } from '../../keys/card/card-pins.ts';
import { cardTypeOf, parseCardTypes } from '../../keys/card/card-type.ts';
import { CARD_TYPES } from '../../keys/card/card-types.ts';
import { cardErrorOf } from '../../keys/card/card-error-of.ts';
import { logIn } from '../../keys/card/open-card.ts';
import type { OpenCard } from '../../keys/card/open-card.ts';
import { openscModule } from '../../keys/card/opensc-module.ts';
import { Passphrase } from '../../keys/passphrase.ts';
import { CKU_USER } from '../../keys/pkcs11/constants.ts';

const [, , opensc] = CARD_TYPES;

t.test('the first row that matches a token is its type', async (t) => {
  const token = { label: 'Medical Council (User PIN)', manufacturer: 'unknown', model: 'PKCS#15' };
  t.equal(cardTypeOf(token, CARD_TYPES)?.name, 'opensc');
  t.equal(
    cardTypeOf({ ...token, manufacturer: 'piv_II', model: 'PKCS#15 emulated' }, CARD_TYPES)?.name,
    'piv',
  );
  t.equal(cardTypeOf({ ...token, model: 'Else' }, CARD_TYPES), undefined);
  const own = { ...opensc, name: 'council', match: { label: token.label } };
  t.equal(cardTypeOf(token, [own, ...CARD_TYPES])?.name, 'council', 'rows of a deployment come first');
});

t.test('the rows that are built in are rows', async (t) => {
  t.strictSame(parseCardTypes(JSON.stringify(CARD_TYPES)), CARD_TYPES);
});

t.test('a row that says something else is refused, with its column', async (t) => {
  const row = (changed: object) => JSON.stringify([{ ...opensc, ...changed }]);
  const refused: [string, string, RegExp][] = [
    ['no JSON', 'rows', /no JSON/],
    ['no list', '{}', /list/],
    ['no row', '[1]', /row 1/],
    ['unknown column', row({ vendor: 'x' }), /vendor/],
    ['no name', row({ name: '' }), /name/],
    ['matches anything', row({ match: {} }), /match/],
    ['unknown key type', row({ keyTypes: ['rsa-1024'] }), /keyTypes/],
    ['a way to unblock that is none', row({ unblock: 'hammer' }), /unblock/],
    ['a length below its own minimum', row({ pinLength: { min: 8, max: 4 } }), /pinLength/],
    ['another tool', row({ initialise: 'rm' }), /initialise/],
  ];
  for (const [name, text, detail] of refused)
    t.throws(() => parseCardTypes(text), { code: 'card-types-malformed', detail }, name);
});

t.test('OpenSC is looked for where each platform has it', async (t) => {
  for (const platform of ['linux', 'darwin', 'win32']) {
    t.match(
      openscModule(platform, () => true),
      /opensc-pkcs11/,
    );
    t.throws(() => openscModule(platform, () => false), { code: 'card-module-missing' });
  }
  t.throws(() => openscModule('plan9', () => true), { code: 'card-module-missing' });
});

t.test('at a PIN pad the module is given no PIN, and no PIN is changed from here', async (t) => {
  const logins: unknown[] = [];
  const cryptoki = { C_Login: (...call: unknown[]) => logins.push(call.slice(1)) };
  const card = {
    cryptoki,
    session: Buffer.of(1),
    type: opensc,
    token: { pinPad: true },
  } as unknown as OpenCard;
  logIn(card, undefined);
  t.strictSame(logins, [[CKU_USER, undefined]]);
  const pin = new Passphrase('246800');
  t.throws(() => setCardPin(card, { transportPin: pin, pin }), { code: 'card-cannot' });
});

t.test('what a module says has its code; what is no answer of it stays what it is', async (t) => {
  const codes: [string, string][] = [
    ['CKR_PIN_INCORRECT:160', 'pin-wrong'],
    ['CKR_PIN_LOCKED:164', 'pin-locked'],
    ['CKR_DEVICE_REMOVED:50', 'card-pulled'],
    ['CKR_DEVICE_MEMORY:49', 'card-full'],
    ['CKR_GENERAL_ERROR:5', 'card-failed'],
  ];
  for (const [message, code] of codes) t.match(cardErrorOf(new Error(message), 'card 1'), { code }, message);
  const fault = new TypeError('a fault of ours');
  t.equal(cardErrorOf(fault, 'card 1'), fault);
});
