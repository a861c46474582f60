import { pino } from 'pino';
import t from 'tap';

import { FaultLog } from '../../cli/fault-log.ts';
import { ManualClock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';

const away = () => new DomainError('key-unavailable', 'the token is gone');

t.test('a fault that comes a thousand times is one line a minute, with the number of the others', (t) => {
  const { log, clock, lines } = house();
  for (let count = 0; count < 1000; count += 1) log.tell(away());
  t.equal(lines.length, 1);
  clock.advanceSeconds(59);
  log.tell(away());
  t.equal(lines.length, 1);
  clock.advanceSeconds(1);
  log.tell(away());
  t.match(lines[1], { kind: 'key-unavailable', alsoSinceLastLine: 1000 });
  t.end();
});

t.test('another kind is told at once', (t) => {
  const { log, lines } = house();
  log.tell(away());
  log.tell(new TypeError('a bug'));
  log.tell('thrown by somebody');
  t.strictSame(
    lines.map(({ kind }) => kind),
    ['key-unavailable', 'TypeError', 'string'],
  );
  t.end();
});

t.test('a clock that was set back does not silence a fault', (t) => {
  const { log, clock, lines } = house();
  log.tell(away());
  clock.advanceSeconds(-3600);
  log.tell(away());
  t.equal(lines.length, 2);
  t.end();
});

t.test('what is over is said, and then told anew', (t) => {
  const { log, lines } = house();
  log.tell(away());
  log.tell(away());
  log.recovered('over');
  log.tell(away());
  t.match(lines[1], { msg: 'over', alsoSinceLastLine: 1 });
  t.equal(lines.length, 3);
  t.end();
});

t.test('kinds that somebody made up do not fill the memory', (t) => {
  const { log, lines } = house();
  for (let count = 0; count < 1000; count += 1) log.tell(new DomainError(`made-up-${count}`, ''));
  t.equal(lines.length, 101);
  t.end();
});

function house() {
  const lines: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'info' },
    { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const clock = new ManualClock(new Date('2026-06-15T12:00:00Z'));
  return { log: new FaultLog(logger, clock, 'OCSP fault'), clock, lines };
}
