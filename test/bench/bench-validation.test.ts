import t from 'tap';

import { benchValidation } from '../../bench/validation.ts';

t.test('reports the rate of validations beside bare verification, and memory', async (t) => {
  const report = await benchValidation({
    doctorsP256: 3,
    doctorsRsa: 1,
    prescriptions: 4,
    validations: 20,
    memoryValidations: 40,
    threads: 2,
  });
  const figures = new Map(report.figures.map((figure) => [figure.id, figure]));
  for (const id of ['cades_p256', 'cades_rsa2048', 'cades_p256_pkijs', 'cades_rsa2048_pkijs'])
    t.match(
      figures.get(`validation.${id}`),
      { value: Number, unit: '/s', peer: { value: Number }, ratio: Number },
      id,
    );
  for (const id of ['processor_p256', 'processor_rsa2048'])
    t.match(figures.get(`validation.${id}`), { value: Number, unit: 'µs' }, id);
  for (const id of ['memory', 'memory_growth'])
    t.match(figures.get(`validation.${id}`), { value: Number, unit: 'MiB' }, id);
  t.match(report.conditions, { validations: 20, load: String });
});
