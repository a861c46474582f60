import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { SHIPPED_PROFILES } from '../../cli/deployment-profiles.ts';
import { findTwoOfficers } from '../../cli/campaign/two-officers.ts';
import { toPersianDigits } from '../../core/digits.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { signCades } from '../../signing/cades/sign-cades.ts';
import { makeDeployment, outcomeOf } from '../support/deployment.ts';
import type { Deployment } from '../support/deployment.ts';
import { memorySigner } from '../support/memory-signer.ts';
import { csvOf, rosterRow } from '../support/roster.ts';

interface Row {
  line: number;
  outcome: string;
  code?: string;
  application?: string;
  authority?: string;
  serialNumber?: string;
  certificate?: string;
}

const rowsOf = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);

const nameOf = ({ authority, serialNumber }: Row) => `${authority}/${serialNumber}`;

const twoOfficers = ({ officer }: Deployment) => [
  `--filed-by=${officer('clerk').id}`,
  `--approved-by=${officer('approving-officer').id}`,
];

const count = (deployment: Deployment, from: string) =>
  deployment.withStores(async ({ database }) => {
    const [{ n }] = await database.query<{ n: string }>({ text: `select count(*) as n from ${from}` });
    return Number(n);
  });

await t.test('a campaign killed with -9 goes on where it was and issues nothing twice', async (part) => {
  const deployment = await makeDeployment(part, 'postgres');
  const rows = await Promise.all(Array.from({ length: 700 }, () => rosterRow()));
  const roster = join(deployment.folder, 'roster.csv');
  writeFileSync(roster, csvOf(rows));
  const args = ['campaign', 'issue', roster, '--profile=signing-phone', ...twoOfficers(deployment)];
  const before = await count(deployment, 'certificate');

  const killed = deployment.start(args);
  await once(killed.stdout!, 'data');
  killed.kill('SIGKILL');
  await once(killed, 'close');
  const meanwhile = (await count(deployment, 'certificate')) - before;
  part.ok(meanwhile > 0 && meanwhile < 700, `${meanwhile} of 700 were issued when it was killed`);

  const outcome = await outcomeOf(deployment.start(args));
  part.equal(outcome.code, 0, outcome.stderr);
  const results = rowsOf(outcome.stdout);
  part.same(
    results.map(({ line }) => line),
    rows.map((_, index) => index + 2),
    'each row has its result, in order',
  );
  part.ok(results.every(({ outcome: one }) => one === 'issued' || one === 'was-issued'));
  part.equal(new Set(results.map(({ serialNumber }) => serialNumber)).size, 700);
  part.equal((await count(deployment, 'certificate')) - before, 700);
  part.equal(await count(deployment, 'certificate'), await count(deployment, 'issuance_intent'));
  part.equal(await count(deployment, `application where state = 'issued'`), 700);
  part.equal(
    await count(deployment, 'status_change'),
    await count(
      deployment,
      '(select last_change_number from status_counter) c, generate_series(1, last_change_number)',
    ),
    'change numbers are gapless',
  );
  part.equal(await count(deployment, `audit_event where action = 'begin-campaign'`), 2);
  part.equal(await count(deployment, `audit_event where action = 'end-campaign'`), 1);
});

await t.test('a campaign on the embedded database', async (part) => {
  const deployment = await makeDeployment(part, 'embedded');
  const file = (name: string, text: string) => {
    const path = join(deployment.folder, name);
    writeFileSync(path, text);
    return path;
  };
  const officers = twoOfficers(deployment);
  const signer = memorySigner();
  const good = await rosterRow({}, signer);
  const persian = await rosterRow();
  persian['national_id'] = toPersianDigits(persian['national_id']);
  persian['council_digits'] = toPersianDigits(persian['council_digits']);
  persian['council_group'] = 'پزشک';
  const wrong = [
    await rosterRow({ national_id: '9990000000' }),
    await rosterRow({ given_name: 'Shirin' }),
    await rosterRow({ request: 'AAAA' }),
    await rosterRow({ request: '' }),
    { ...(await rosterRow()), request: good['request'] },
  ];
  const text = `\ufeff${csvOf([good, persian, ...wrong])}"unfinished`;
  const roster = file('roster.csv', text);
  const codes = [
    'national-id-checksum',
    'name-not-persian',
    'certification-request-malformed',
    'column-missing',
    'request-repeated',
    'row-malformed',
  ];

  await part.test('says in a dry run what would be refused, and writes nothing', async (one) => {
    const before = await count(deployment, 'audit_event');
    const { code, stdout } = await deployment.run([
      'campaign',
      'issue',
      roster,
      '--profile=signing-phone',
      '--dry-run',
      ...officers,
    ]);
    one.equal(code, 1);
    const results = rowsOf(stdout);
    one.same(
      results.map((row) => row.code ?? row.outcome),
      ['would-issue', 'would-issue', ...codes],
    );
    one.same(
      results.map(({ line }) => line),
      [2, 3, 4, 5, 6, 7, 8, 9],
    );
    one.equal(await count(deployment, 'audit_event'), before);
    one.equal(await count(deployment, 'application'), 0);
  });

  let first: Row;
  let second: Row;
  await part.test('issues the good rows, names the wrong ones, and finds them in the search', async (one) => {
    const { code, stdout } = await deployment.run([
      'campaign',
      'issue',
      roster,
      '--profile=signing-phone',
      ...officers,
    ]);
    one.equal(code, 1);
    const results = rowsOf(stdout);
    one.same(
      results.map((row) => row.code ?? row.outcome),
      ['issued', 'issued', ...codes],
    );
    [first, second] = results;
    const found = await deployment.withStores(({ directory }) =>
      directory.search({
        officeId: deployment.officer('clerk').officeId,
        terms: { kind: 'name', words: ['ازمایشی'] },
        limit: 10,
      }),
    );
    one.equal(found.length, 2);
    const events = await count(
      deployment,
      `audit_event where action = 'approve-by-campaign'
        and details->>'filedBy' = '${deployment.officer('clerk').id}'
        and actor_id = '${deployment.officer('approving-officer').id}'`,
    );
    one.equal(events, 2, 'both officers are in the audit log');
  });

  await part.test('certifies no holder twice for one key store, as a dry run says', async (one) => {
    const [two, three] = [await rosterRow(), await rosterRow()];
    const rows = [
      { ...good, request: two['request'] },
      three,
      { ...three, request: (await rosterRow())['request'] },
    ];
    const args = [
      'campaign',
      'issue',
      file('twice.csv', csvOf(rows)),
      '--profile=signing-phone',
      ...officers,
    ];
    const outcomes = async (...flags: string[]) =>
      rowsOf((await deployment.run([...args, ...flags])).stdout).map((row) => row.code ?? row.outcome);
    one.same(await outcomes('--dry-run'), ['holder-has-certificate', 'would-issue', 'would-issue']);
    one.same(await outcomes(), ['holder-has-certificate', 'issued', 'holder-has-certificate']);
    one.equal(await count(deployment, `application where national_id = '${good['national_id']}'`), 1);
    one.same(await outcomes(), ['holder-has-certificate', 'was-issued', 'holder-has-certificate']);
  });

  await part.test(
    'renews in the last 90 days with a proof by the old key, and refuses another',
    async (one) => {
      // A profile of the deployment's own whose certificates are in their last 90 days from the first day on.
      mkdirSync(join(deployment.folder, 'profiles'));
      const phone = readFileSync(join(SHIPPED_PROFILES, 'signing-phone.yaml'), 'utf8');
      const short = phone.replace('id: signing-phone', 'id: signing-sixty').replace('P1Y', 'P60D');
      writeFileSync(join(deployment.folder, 'profiles', 'signing-sixty.yaml'), short);
      const shortSigner = memorySigner();
      const holder = await rosterRow({}, shortSigner);
      const next = await rosterRow();
      const other = await rosterRow();
      const proofOver = async (request: string, by: Row, key: typeof signer) => {
        const certificate = parseCertificate(decodePem(by.certificate!, ['CERTIFICATE'])[0].bytes);
        const content = Buffer.from(request, 'base64');
        const proof = await signCades({ content, detached: true, signer: key, certificate });
        return proof.toString('base64');
      };
      const campaignOf = async (kind: string, profile: string, rows: object[]) => {
        const roster = file(`${kind}-${profile}.ndjson`, rows.map((row) => JSON.stringify(row)).join('\n'));
        return rowsOf(
          (await deployment.run(['campaign', kind, roster, `--profile=${profile}`, ...officers])).stdout,
        );
      };
      const [issued] = await campaignOf('issue', 'signing-sixty', [holder]);
      const proof = await proofOver(next['request'], issued, shortSigner);
      const rows = [
        { ...holder, request: next['request'], proof },
        { ...holder, request: other['request'], proof },
        { ...other, proof: await proofOver(other['request'], issued, shortSigner) },
        { ...other, proof: '' },
      ];
      const codes = async (...campaign: Parameters<typeof campaignOf>) =>
        (await campaignOf(...campaign)).map((row) => row.code ?? row.outcome);
      one.same(await codes('renew', 'signing-sixty', rows), [
        'issued',
        'renewal-proof-wrong',
        'request-repeated',
        'request-repeated',
      ]);
      const early = (await rosterRow())['request'];
      const earlyProof = await proofOver(early, first, signer);
      one.same(
        await codes('renew', 'signing-phone', [{ ...good, request: early, proof: earlyProof }]),
        ['renewal-early'],
        'a certificate of a year is not renewed on its first day',
      );
    },
  );

  await part.test('re-keys what a row names', async (one) => {
    const replaces = nameOf(first);
    const rows = [
      { ...persian, request: (await rosterRow())['request'], replaces: nameOf(second) },
      { ...(await rosterRow()), replaces },
      { ...good, request: (await rosterRow())['request'], replaces },
      { ...good, request: (await rosterRow())['request'], replaces },
      { ...good, request: (await rosterRow())['request'], replaces: 'bronze/0011223344556677' },
    ];
    const { stdout } = await deployment.run([
      'campaign',
      're-key',
      file('rekey.csv', csvOf(rows)),
      '--profile=signing-phone',
      ...officers,
    ]);
    one.same(
      rowsOf(stdout).map((row) => row.code ?? row.outcome),
      [
        'issued',
        'replaced-certificate-of-another',
        'issued',
        // The one before stands beside it: two are all that may.
        'holder-has-certificate',
        'replaced-certificate-unknown',
      ],
    );
  });

  await part.test('wants two officers in their roles', async (one) => {
    const { id } = deployment.officer('clerk');
    const operator = deployment.officer('ca-operator').id;
    const roles = { filedBy: ['clerk'], approvedBy: ['approving-officer'] } as const;
    const refusals = [
      [{ filedBy: id, approvedBy: id }, 'four-eyes'],
      [{ filedBy: id, approvedBy: operator }, 'role-missing'],
      [{ filedBy: id, approvedBy: 'nobody' }, 'officer-unknown'],
    ] as const;
    await deployment.withStores(async (stores) => {
      for (const [ids, code] of refusals) await one.rejects(findTwoOfficers(stores, ids, roles), { code });
    });
    const alone = await deployment.run(['campaign', 'issue', roster, '--filed-by', id]);
    one.equal(alone.code, 1);
    one.match(alone.stderr, '[usage]');
  });

  await part.test('revokes what a file names, then a whole campaign, then the whole office', async (one) => {
    const flags = [
      '--reason=cessationOfOperation',
      `--filed-by=${deployment.officer('clerk').id}`,
      `--approved-by=${deployment.officer('ca-operator').id}`,
    ];
    const serials = file('serials.txt', `# lost\n${first.authority}/${first.serialNumber}\nnonsense\n`);
    const some = await deployment.run(['campaign', 'revoke', '--serials', serials, ...flags]);
    one.same(
      rowsOf(some.stdout).map((row) => [row.line, row.code ?? row.outcome]),
      [
        [2, 'revoked'],
        [3, 'serial-malformed'],
      ],
    );
    const batch = async (...of: string[]) => {
      const { stdout } = await deployment.run(['campaign', 'revoke', ...of, ...flags]);
      return rowsOf(stdout)
        .map(({ outcome }) => outcome)
        .sort();
    };
    const left = ['revoked', 'was-revoked'];
    one.same(await batch('--batch', roster), left, 'what the first roster issued, and nothing else');
    const [{ campaign }] = await deployment.withStores(({ database }) =>
      database.query<{ campaign: string }>({
        text: `select details->>'campaign' as campaign from audit_event where action = 'approve-by-campaign' order by id limit 1`,
      }),
    );
    one.same(await batch('--batch', campaign), ['was-revoked', 'was-revoked'], 'by its name in the events');
    const office = ['--office', deployment.officer('clerk').officeId];
    const all = await deployment.run(['campaign', 'revoke', ...office, ...flags]);
    one.equal(all.code, 0, all.stderr);
    one.same(
      rowsOf(all.stdout)
        .map(({ outcome }) => outcome)
        .sort(),
      [...Array<string>(5).fill('revoked'), 'was-revoked', 'was-revoked'],
    );
    one.equal(await count(deployment, `status_change where event = 'revoked'`), 7);
    one.equal(await count(deployment, `audit_event where action = 'revoke-certificate'`), 7);
  });
});
