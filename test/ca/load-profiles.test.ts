import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import t from 'tap';
import type { Test } from 'tap';

import { loadProfiles, parseProfile } from '../../ca/load-profiles.ts';
import { loadDeploymentProfiles } from '../../cli/deployment-profiles.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

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
    'seal',
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
  await refuses(t, 'a person for longer than three years', 'P1Y', 'P37M', /three years/);
  await refuses(t, 'a person without a policy', /policies: .*/, '', /names a policy/);
  await refuses(
    t,
    'a policy of phone hardware for cards',
    'keyStorage: phone',
    'keyStorage: card',
    /made on phones/,
  );
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

t.test('a typo is named with its line and the likely name', async (t) => {
  const typos: [from: string, to: string, fault: RegExp][] = [
    ['validity:', 'validty:', /^x\.yaml: .*line 7: \/validty is not known; did you mean validity\?/],
    ['validity:', 'validty:', /line 1: \/ lacks validity/],
    ['admission:', 'admision:', /line \d+: \/extensions\/admision is not known; did you mean admission\?/],
    [
      '[nonRepudiation]',
      '[nonrepudiation]',
      /\/keyUsage\/0 "nonrepudiation" is not one of .*did you mean nonRepudiation\?/,
    ],
    ['type: surname', 'type: surnam', /\/subject\/2\/type "surnam" .*did you mean surname\?/],
    ['purpose: signing', 'purpose: magic', /"magic" is not one of [a-z, -]+$/],
  ];
  for (const [from, to, detail] of typos) {
    const text = phone.replace(from, to);
    t.not(text, phone);
    t.throws(() => parseProfile(text, 'x.yaml'), { code: 'profile-invalid', detail });
  }
  const line = phone.split('\n').findIndex((text) => text.includes('type: surname')) + 1;
  const detail = new RegExp(`line ${line}: /subject/2/type`);
  t.throws(() => parseProfile(phone.replace('type: surname', 'type: surnam'), 'x.yaml'), {
    code: 'profile-invalid',
    detail,
  });
});

t.test('a service does not start with a profile that has a typo', async (t) => {
  const folder = temporaryFolder(t);
  await mkdir(join(folder, 'profiles'));
  await writeFile(
    join(folder, 'profiles', 'own.yaml'),
    phone.replace('id: signing-phone', 'id: own').replace('keyTypes:', 'keyType:'),
  );
  await t.rejects(loadDeploymentProfiles(folder), {
    code: 'profile-invalid',
    detail: /^own\.yaml: .*line \d+: \/keyType is not known; did you mean keyTypes\?/,
  });
});
