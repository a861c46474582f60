import t from 'tap';
import type { Test } from 'tap';

import { CARD_STATES, CARD_TRANSITIONS } from '../../ra/cards/card.ts';
import type { CardTransition } from '../../ra/cards/card.ts';
import { readCardList } from '../../ra/cards/read-card-list.ts';
import { CardDesk } from '../support/card-desk.ts';
import { onBothServices } from '../support/test-service.ts';

t.test('a list of serials is read as makers write it', async (t) => {
  const lists: [text: string, format: 'csv' | 'ndjson', serials: string[]][] = [
    ['A1\nA2\n', 'csv', ['A1', 'A2']],
    ['\uFEFFlabel;SERIAL\r\nx;"0012"\r\n\r\ny;0013', 'csv', ['0012', '0013']],
    ['serial,label\nA1,one', 'csv', ['A1']],
    ['{"serial":"A1","x":1}\n{"serial":"A2"}', 'ndjson', ['A1', 'A2']],
  ];
  for (const [text, format, serials] of lists) t.strictSame(readCardList(text, format), serials, text);
  const bad: [text: string, format: 'csv' | 'ndjson', detail: RegExp][] = [
    ['', 'csv', /no card/],
    ['A1\nA1', 'csv', /line 2: A1 stands there twice/],
    ['name,number\nx,1', 'csv', /several columns/],
    ['A1\n../x', 'csv', /line 2: not a serial/],
    ['{"serial":1}', 'ndjson', /line 1: no serial/],
    ['A1', 'ndjson', /line 1: not JSON/],
    [
      Array.from({ length: 10_001 }, (_, index) => `S${index}`).join('\n'),
      'csv',
      /10001 cards, at most 10000/,
    ],
  ];
  for (const [text, format, detail] of bad)
    t.throws(() => readCardList(text, format), { code: 'card-list-malformed', detail });
});

t.test('the state table leads to every state, and out of every one but two', async (t) => {
  const transitions: CardTransition[] = Object.values(CARD_TRANSITIONS);
  const reached = new Set(transitions.map(({ to }) => to));
  t.strictSame(
    CARD_STATES.filter((state) => !reached.has(state)),
    [],
    'and `received` by taking back',
  );
  const left = new Set(transitions.flatMap(({ from }) => from));
  t.strictSame(
    CARD_STATES.filter((state) => !left.has(state)),
    ['replaced', 'destroyed'],
  );
});

t.test('cards', async (t) => {
  await onBothServices(t, async (t, service) => {
    const part = (name: string, run: (t: Test, desk: CardDesk) => Promise<void>) =>
      t.test(name, (t) => run(t, new CardDesk(service)));
    await part('a delivery is taken in once, whole or not at all', deliveries);
    await part('an office sees its own stock, the CA all', offices);
    await part('an officer changes a card by the table, on the version that was seen', changes);
    await part('what happened to a card cannot be changed, and a destroyed one is at its end', kept);
  });
});

async function deliveries(t: Test, desk: CardDesk): Promise<void> {
  const delivery = { reference: '1404/17', cardType: 'IsoApplet', format: 'csv', list: 'serial\nD1\nD2\n' };
  const send = (override: object = {}) =>
    desk.ask('ca-operator', 'POST', '/card-batches', { ...delivery, ...override });
  const first = await send();
  t.match(first, { status: 201, body: { reference: '1404/17', cards: 2 } });
  t.match(await send(), { status: 200, body: { id: first.body.id } }, 'sent again, it is one');
  t.match(await send({ list: 'D1\r\nD2' }), { status: 200 }, 'whatever the file looks like');
  t.match(await send({ list: 'D1\nD3' }), { status: 409, body: { code: 'card-batch-differs' } });
  t.match(await send({ reference: '1404/18', list: 'D4\nD2' }), {
    status: 409,
    body: { code: 'card-known' },
  });
  const { items } = await desk.done('ca-operator', 'GET', '/cards?serial=D');
  t.strictSame(items.map(({ serial, state }) => [serial, state]).sort(), [
    ['D1', 'received'],
    ['D2', 'received'],
  ]);
  t.equal(await desk.refused('clerk', 'POST', '/card-batches', delivery), 'role-missing');
  t.match(await desk.done('auditor', 'GET', '/card-batches'), {
    items: [{ reference: '1404/17', cards: 2 }],
  });
}

async function offices(t: Test, desk: CardDesk): Promise<void> {
  const stranger = await desk.stranger();
  await desk.stock(['O1', 'O2', 'O3']);
  await desk.stock(['P1'], stranger.officeId);
  const serials = async (role: Parameters<CardDesk['ask']>[0], query = '') => {
    const { items } = await desk.done(role, 'GET', `/cards?state=in-stock${query}`);
    return items.map(({ serial }) => serial).sort();
  };
  t.strictSame(await serials('clerk'), ['O1', 'O2', 'O3']);
  t.strictSame(await serials(stranger), ['P1']);
  t.strictSame(await serials(stranger, `&officeId=${await desk.officeId()}`), ['P1'], 'asked for or not');
  t.strictSame(await serials('ca-operator', `&officeId=${stranger.officeId}`), ['P1']);
  t.strictSame(await serials('ca-operator', '&serial=O'), ['O1', 'O2', 'O3']);
  const { id } = await desk.cardOf('O1');
  t.equal(await desk.refused(stranger, 'GET', `/cards/${id}`), 'card-unknown');
  const counts = await desk.done('clerk', 'GET', '/cards/counts');
  t.strictSame(counts.items, [{ officeId: await desk.officeId(), state: 'in-stock', cards: 3 }]);
  const all = await desk.done('ca-operator', 'GET', '/cards/counts');
  t.match(all.items, [{ state: 'received', cards: 2 }, {}, {}], 'with the CA, and two offices');

  const assign = (parcel: object) => desk.ask('ca-operator', 'POST', '/cards/assignments', parcel);
  t.match(await assign({ officeId: stranger.officeId, serials: ['O3', 'P1'] }), { status: 200 });
  t.strictSame(await serials(stranger), ['O3', 'P1'], 'what was there already stayed');
  t.match(await assign({ officeId: stranger.officeId, serials: ['O2', 'nobody'] }), {
    status: 404,
    body: { code: 'card-unknown' },
  });
  t.strictSame(await serials('clerk'), ['O1', 'O2'], 'all or none');
  const nowhere = '0190a000-0000-7000-8000-000000000000';
  t.match(await assign({ officeId: nowhere, serials: ['O2'] }), {
    status: 404,
    body: { code: 'office-unknown' },
  });
}

async function changes(t: Test, desk: CardDesk): Promise<void> {
  await desk.stock(['C1', 'C2']);
  t.match(await desk.change('clerk', 'C1', 'take-back'), { status: 403, body: { code: 'role-missing' } });
  t.match(await desk.change('office-manager', 'C1', 'take-back', { note: 'too many' }), {
    status: 200,
    body: { state: 'received' },
  });
  t.match(await desk.change('office-manager', 'C1', 'discard'), {
    status: 404,
    body: { code: 'card-unknown' },
  });
  t.match(await desk.change('ca-operator', 'C1', 'lose'), { status: 409, body: { code: 'card-state' } });
  const { id, version } = await desk.cardOf('C2');
  const stale = { action: 'discard', version: version - 1 };
  t.equal(await desk.refused('office-manager', 'POST', `/cards/${id}/changes`, stale), 'card-changed');
  t.match(await desk.change('office-manager', 'C2', 'discard'), { body: { state: 'destroyed' } });
  const file = await desk.done('ca-operator', 'GET', `/cards/${(await desk.cardOf('C1')).id}`);
  t.match(file.changes, [
    { action: 'assign', to: 'in-stock' },
    { action: 'take-back', note: 'too many' },
  ]);
  const { database } = desk.service.house.stores;
  const events = await database.query<{ action: string }>({
    text: `select action from audit_event where subject = 'card:' || $1 order by id`,
    values: [id],
  });
  t.strictSame(
    events.map(({ action }) => action),
    ['assign-card', 'discard-card'],
  );
}

async function kept(t: Test, desk: CardDesk): Promise<void> {
  const { database } = desk.service.house.stores;
  const statement = (text: string) => database.query({ text });
  await t.rejects(statement(`update card_change set note = 'x'`), /append-only/);
  await t.rejects(statement(`update card_batch set cards = 1`), /append-only/);
  await t.rejects(statement('delete from card'), /cards are kept/);
  await t.rejects(
    statement(`update card set state = 'in-stock', version = version + 1 where state = 'destroyed'`),
    /come to its end/,
  );
  await t.rejects(
    statement(`update card set version = version + 2 where state = 'received'`),
    /step by step/,
  );
}
