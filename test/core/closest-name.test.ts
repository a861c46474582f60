import t from 'tap';

import { closestName } from '../../core/closest-name.ts';

t.test('the name that was most likely meant', async (t) => {
  const names = ['validity', 'version', 'keyUsage', 'keyTypes', 'id'];
  t.equal(closestName('validty', names), 'validity');
  t.equal(closestName('VALIDITY', names), 'validity');
  t.equal(closestName('keyType', names), 'keyTypes');
  t.equal(closestName('ids', names), 'id');
  t.equal(closestName('colour', names), undefined);
  t.equal(closestName('x'.repeat(100), names), undefined);
  t.equal(closestName('validity', []), undefined);
});
