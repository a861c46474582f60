import t from 'tap';

import { benchSessions } from '../../bench/sessions.ts';

t.test('reports the rate of signature sessions, and memory before and after', async (t) => {
  const report = await benchSessions({ credentials: 40, holders: 10, pairs: 2, sessions: 12 });
  const figures = new Map(report.figures.map((figure) => [figure.id, figure]));
  for (const id of ['rate', 'p50', 'p95', 'processor', 'memory_before', 'memory_half', 'memory_after'])
    t.match(figures.get(`sessions.${id}`), { value: Number, unit: String }, id);
  t.match(report.conditions, { credentials: 40, sessions: 12, load: String });
});
