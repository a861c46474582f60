import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import t from 'tap';

import { TSA_POLICY, fixtureAuthority } from '../support/fixture-authority.ts';
import { runProgram } from '../support/run-program.ts';

const PROGRAM = fileURLToPath(new URL('VerifyTimeStamp.java', import.meta.url));
const JARS = ['bcpkix', 'bcprov', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`).join(':');
/** Started quickly rather than run fast. */
const JAVA = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', JARS, PROGRAM];

t.test('BouncyCastle asks, and accepts what it gets', async (t) => {
  const { authority, time } = await fixtureAuthority();
  const folder = t.testdir({ content: 'Rp. Amoxicillin 500 mg\r\n' });
  const cases = [
    { oid: '2.16.840.1.101.3.4.2.1', name: 'SHA-256', expected: `valid ${TSA_POLICY} true 1s` },
    { oid: '2.16.840.1.101.3.4.2.3', name: 'SHA-512', expected: `valid ${TSA_POLICY} true 1s` },
    // PKIFailureInfo badAlg is bit 0, which BouncyCastle tells as 128.
    { oid: '1.3.14.3.2.26', name: 'SHA-1', expected: 'refused 2 128' },
  ];
  for (const { oid, name, expected } of cases) {
    const asked = await runProgram('java', [...JAVA, 'ask', oid, name, 'content', 'request'], { folder });
    t.equal(asked.code, 0, asked.output);
    const { body } = await authority.answer(readFileSync(join(folder, 'request')));
    writeFileSync(join(folder, 'reply'), body);
    const { code, output } = await runProgram('java', [...JAVA, 'check', 'request', 'reply'], { folder });
    t.equal(code, 0, output);
    t.equal(output.split('\n')[0], expected);
  }
  time.state = { synchronised: false, reason: 'nobody knows' };
  const { body } = await authority.answer(readFileSync(join(folder, 'request')));
  writeFileSync(join(folder, 'reply'), body);
  const { output } = await runProgram('java', [...JAVA, 'check', 'request', 'reply'], { folder });
  t.match(output, /^refused 2/);
});
