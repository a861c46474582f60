import t from 'tap';

import { DomainError, errorCode, unreachable } from '../../core/errors.ts';

t.test('carries its code, a detail that is safe to show, context and cause', async (t) => {
  const cause = new Error('disk full');
  const error = new DomainError('draft-not-stored', 'no room for the draft', {
    context: { octets: 12 },
    cause,
  });
  t.match(error, { name: 'DomainError', code: 'draft-not-stored', detail: 'no room for the draft' });
  t.equal(error.message, 'draft-not-stored: no room for the draft');
  t.same(error.context, { octets: 12 });
  t.equal(error.cause, cause);
  t.ok(error instanceof Error);
});

t.test('has an empty context and no cause when none is given', async (t) => {
  const error = new DomainError('code', 'detail');
  t.same(error.context, {});
  t.notOk(Object.hasOwn(error, 'cause'));
});

t.test('keeps context and cause out of the message', async (t) => {
  const error = new DomainError('code', 'detail', {
    context: { serial: 'aa' },
    cause: new Error('secret path'),
  });
  t.equal(String(error), 'DomainError: code: detail');
});

t.test('keeps a cause that is no Error', async (t) => {
  t.equal(new DomainError('code', 'detail', { cause: 0 }).cause, 0);
  t.equal(new DomainError('code', 'detail', { cause: null }).cause, null);
});

t.test('an unreachable case says which', async (t) => {
  t.throws(() => unreachable('purple' as never), { message: 'unreachable case: purple' });
});

t.test('finds the code of system errors, and none where there is none', async (t) => {
  t.equal(errorCode(Object.assign(new Error('x'), { code: 'EEXIST' })), 'EEXIST');
  t.equal(errorCode({ code: 23505 }), '23505');
  for (const other of [new Error('x'), null, undefined, 'EEXIST', 7]) t.equal(errorCode(other), undefined);
});
