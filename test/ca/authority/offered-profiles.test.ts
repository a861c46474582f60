import t from 'tap';

import type { Authority } from '../../../ca/authority/authority.ts';
import { newestOffering, offersProfile } from '../../../ca/authority/offered-profiles.ts';
import { PROFILES } from '../../support/ceremony-fixtures.ts';

const phone = PROFILES.get('signing-phone')!;

const authority = (id: string, from: string, overrides: Partial<Authority> = {}): Authority =>
  ({
    id,
    assuranceLevel: 1,
    certificate: { notBefore: new Date(from), notAfter: new Date('2036-01-01T00:00:00Z') },
    ...overrides,
  }) as Authority;

const bronze = authority('bronze', '2026-01-01T00:00:00Z');
const second = authority('bronze-g2', '2027-01-01T00:00:00Z', { successorOf: 'bronze' });
const third = authority('bronze-g3', '2027-01-01T00:00:00Z', { successorOf: 'bronze-g2' });
const offering = (now: string, ...authorities: Authority[]) =>
  newestOffering(authorities, phone, new Date(now))?.id;

t.test('new certificates come from the newest generation, in whatever order they are listed', async (t) => {
  t.equal(offering('2028-01-01T00:00:00Z', bronze), 'bronze');
  t.equal(offering('2028-01-01T00:00:00Z', second, bronze), 'bronze-g2');
  t.equal(offering('2028-01-01T00:00:00Z', second, third, bronze), 'bronze-g3', 'though both are of one day');
});

t.test('a generation counts from the first to the last second of its certificate', async (t) => {
  t.equal(offering('2026-12-31T23:59:59Z', bronze, second), 'bronze');
  t.equal(offering('2027-01-01T00:00:00Z', bronze, second), 'bronze-g2');
  t.equal(offering('2036-01-01T00:00:00Z', bronze, second), 'bronze-g2');
  t.equal(offering('2036-01-01T00:00:01Z', bronze, second), undefined);
});

t.test('a generation that is revoked or held offers nothing', async (t) => {
  const now = new Date('2028-01-01T00:00:00Z');
  const among = (...ended: string[]) => newestOffering([bronze, second], phone, now, new Set(ended))?.id;
  t.equal(among('bronze'), 'bronze-g2');
  t.equal(among('bronze-g2'), 'bronze', 'though it was succeeded');
  t.equal(among('bronze', 'bronze-g2'), undefined);
});

t.test('a generation that ends before its leaf would leaves the leaf to one that lasts', async (t) => {
  const short = authority('bronze-g2', '2027-01-01T00:00:00Z', {
    successorOf: 'bronze',
    certificate: {
      notBefore: new Date('2027-01-01T00:00:00Z'),
      notAfter: new Date('2029-01-01T00:00:00Z'),
    } as Authority['certificate'],
  });
  // A phone's certificate lasts a year from a minute before its issue, and its last second counts.
  t.equal(offering('2028-01-01T00:01:01Z', bronze, short), 'bronze-g2', 'ends in the same second');
  t.equal(offering('2028-01-01T00:01:02Z', bronze, short), 'bronze', 'would end a second later');
  t.equal(offering('2028-01-01T00:01:02Z', short), 'bronze-g2', 'alone, it is asked and says why it refuses');
});

t.test('nobody offers what is of another level or on no list', async (t) => {
  const silver = authority('silver', '2026-01-01T00:00:00Z', { assuranceLevel: 2 });
  const sister = authority('oil', '2027-01-01T00:00:00Z', { profiles: ['signing-oil'] });
  t.equal(offering('2028-01-01T00:00:00Z', silver, sister), undefined);
  t.equal(offering('2028-01-01T00:00:00Z', silver, sister, bronze), 'bronze');
});

t.test('a profile may be for those alone that list it', async (t) => {
  const listedOnly = { ...phone, listedOnly: true };
  t.notOk(offersProfile({ assuranceLevel: 1 }, listedOnly));
  t.ok(offersProfile({ assuranceLevel: 1, profiles: ['signing-phone'] }, listedOnly));
});

t.test('every CA certifies its own OCSP responder', async (t) => {
  t.ok(offersProfile({ assuranceLevel: 1, profiles: ['signing-oil'] }, PROFILES.get('ocsp-responder')!));
});
