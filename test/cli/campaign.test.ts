import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import t from 'tap';

import { findTwoOfficers } from '../../cli/campaign/two-officers.ts';
import { toPersianDigits } from '../../core/digits.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { signCades } from '../../signing/cades-signature.ts';
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

// Each command is a process of its own; a busy machine takes seconds to start one.
t.setTimeout(180_000);

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

  await part.test('renews with a proof by the old key, and refuses another', async (one) => {
    const certificate = parseCertificate(decodePem(first.certificate!, ['CERTIFICATE'])[0].bytes);
    const next = await rosterRow();
    const other = await rosterRow();
    const proofOver = async (request: string) =>
      (
        await signCades({ content: Buffer.from(request, 'base64'), detached: true, signer, certificate })
      ).toString('base64');
    const holder = { ...good, request: next['request'], proof: await proofOver(next['request']) };
    const rows = [
      holder,
      { ...good, request: other['request'], proof: await proofOver(next['request']) },
      { ...other, proof: await proofOver(other['request']) },
      { ...other, proof: '' },
    ];
    const { stdout } = await deployment.run([
      'campaign',
      'renew',
      file('renew.ndjson', rows.map((row) => JSON.stringify(row)).join('\n')),
      '--profile=signing-phone',
      ...officers,
    ]);
    one.same(
      rowsOf(stdout).map((row) => row.code ?? row.outcome),
      ['issued', 'renewal-proof-wrong', 'request-repeated', 'request-repeated'],
    );
  });

  await part.test('re-keys what a row names', async (one) => {
    const replaces = nameOf(first);
    const rows = [
      { ...persian, request: (await rosterRow())['request'], replaces: nameOf(second) },
      { ...(await rosterRow()), replaces },
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
        // The renewed one stands beside it: two are all that may.
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

  await part.test('revokes what a file names, and then the whole office', async (one) => {
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
    const office = ['--office', deployment.officer('clerk').officeId];
    const all = await deployment.run(['campaign', 'revoke', ...office, ...flags]);
    one.equal(all.code, 0, all.stderr);
    one.same(
      rowsOf(all.stdout)
        .map(({ outcome }) => outcome)
        .sort(),
      ['revoked', 'revoked', 'revoked', 'revoked', 'was-revoked'],
    );
    one.equal(await count(deployment, `status_change where event = 'revoked'`), 5);
    one.equal(await count(deployment, `audit_event where action = 'revoke-certificate'`), 5);
  });
});
