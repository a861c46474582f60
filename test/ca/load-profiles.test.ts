import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import t from 'tap';
import type { Test } from 'tap';

import { loadProfiles, parseProfile } from '../../ca/load-profiles.ts';

const FOLDER = fileURLToPath(new URL('../../ca/profiles', import.meta.url));
const phone = await readFile(`${FOLDER}/signing-phone.yaml`, 'utf8');

t.test('the profiles that ship are whole', async (t) => {
  const profiles = await loadProfiles(FOLDER);
  t.strictSame([...profiles.keys()].sort(), [
    'authentication',
    'intermediate',
    'ocsp-responder',
    'officer',
    'root',
    'signing-card',
    'signing-card-etsi',
    'signing-phone',
    'signing-phone-legacy-ir',
    'time-stamping',
  ]);
  for (const profile of profiles.values()) {
    const signs = profile.purpose === 'signing';
    t.equal(profile.extensions.keyUsage.includes('nonRepudiation'), signs, `${profile.id}: nonRepudiation`);
    t.equal(profile.extensions.admission === true, signs, `${profile.id}: admission`);
  }
});

const refuses = (t: Test, name: string, from: string | RegExp, to: string, fault: RegExp) =>
  t.test(`refuses ${name}`, async (t) => {
    const text = phone.replace(from, to);
    t.not(text, phone, 'the fixture was changed');
    t.throws(() => parseProfile(text, 'x.yaml'), { code: 'profile-invalid', detail: fault });
  });

t.test('a profile that contradicts itself or a standard', async (t) => {
  await refuses(t, 'an unknown key', 'validity:', 'validty:', /validty|validity/);
  await refuses(t, 'a key usage that does not exist', '[nonRepudiation]', '[nonrepudiation]', /keyUsage/);
  await refuses(t, 'a validity that is no duration', 'P1Y', 'P1YEAR', /not an ISO 8601 duration/);
  await refuses(t, 'a CA among leaves', 'ca: false', 'ca: true', /§4\.2\.1\.9/);
  await refuses(
    t,
    'keyCertSign in a leaf',
    '[nonRepudiation]',
    '[nonRepudiation, keyCertSign]',
    /§4\.2\.1\.3/,
  );
  await refuses(
    t,
    'clientAuth in a signing certificate',
    '[documentSigning]',
    '[documentSigning, clientAuth]',
    /clientAuth/,
  );
  await refuses(
    t,
    'a leaf whose status nobody can ask for',
    'crlDistributionPoint: shard',
    '',
    /status is to be had/,
  );
  await refuses(t, 'an attribute from nowhere', ', from: surname', '', /either from/);
  await refuses(t, 'too long a backdate', 'backdateSeconds: 60', 'backdateSeconds: 301', /backdateSeconds/);
  await refuses(
    t,
    'a PNOIR form without its statement',
    'from: nationalId',
    'from: nationalId, prefix: PNOIR-',
    /PNOIR/,
  );
  await refuses(t, 'what is not YAML', 'subject:', 'subject: [', /not YAML/);
  await refuses(t, 'an OID with a leading zero', 'arc.3.1', 'arc.03.1', /permanentIdentifier/);
});
