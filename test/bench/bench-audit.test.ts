import t from 'tap';

import { benchAudit } from '../../bench/audit.ts';

t.test('reports what becomes durable of events, and how long a log takes to verify', async (t) => {
  const report = await benchAudit({ events: 600, singles: 20, leaves: 1500 });
  const figures = new Map(report.figures.map((figure) => [figure.id, figure]));
  for (const id of ['events', 'events_single', 'sequence', 'publish_1m', 'verify_1m', 'verify_processor_1m'])
    t.match(figures.get(`audit.${id}`), { value: Number, unit: String }, id);
  // The making of the log's key is an event too, and has its leaf a moment later.
  t.ok([1500, 1501].includes(Number(report.conditions['leaves that were verified'])));
});
