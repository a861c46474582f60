import t from 'tap';

import { benchScale } from '../../bench/scale/scale.ts';
import { wrkVersion } from '../../bench/wrk.ts';

t.test(
  'measures at each size of one deployment that grows',
  { skip: !(await wrkVersion()) && 'no wrk' },
  async (t) => {
    const terms = { rows: 10, runs: 1, questions: 3, asked: 20, connections: 2 };
    const report = await benchScale({ ...terms, sizes: [200, 250] });
    const figures = new Map(report.figures.map((figure) => [figure.id, figure]));
    for (const what of ['seed', 'issuance', 'ocsp_post', 'ocsp_nonce_p99', 'ocsp_load', 'fsck', 'database'])
      for (const size of [200, 250])
        t.match(figures.get(`scale.${what}_${size}`), {
          value: Number,
          curve: { id: `scale.${what}`, size },
        });
    t.ok(figures.get('scale.search_p95_250')!.value > 0);
    t.ok(figures.has('scale.search_p95_national_id_250'));
    t.notOk(figures.has('scale.search_p95_national_id_200'));
    for (const what of ['ocsp_post', 'ocsp_nonce', 'issuance'])
      t.ok(figures.get(`scale.growth_${what}`)!.value > 0, what);
    t.match(report.conditions, { sizes: '200 250', postgresql: /fsync on/ });
  },
);
