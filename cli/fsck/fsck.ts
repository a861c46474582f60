import { PgAttestationRecords } from '../../db/attestation-records.ts';
import type { NoteKey } from '../../audit/note/note-key.ts';
import { LogRecords } from '../../db/log-records.ts';
import { PgRecords } from '../../db/pg-records.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import { withStores } from '../open-database.ts';
import type { Settings } from '../settings.ts';
import { systemClock } from '../../core/clock.ts';
import { readWitnesses } from '../transparency/http-witness.ts';
import { LogFolder } from '../transparency/log-folder.ts';
import { folderOf } from '../transparency/open-log.ts';
import { readLogKeys } from '../transparency/read-log-keys.ts';
import { openEvidenceVault } from '../evidence-vault.ts';
import { evaluationNames } from '../deployment-names.ts';
import { openAttestationJudges } from '../enrolment/attestation-judge.ts';
import { checkAttestations } from './check-attestations.ts';
import { checkEvidence } from './check-evidence.ts';
import { checkLogStatements } from './check-log-statements.ts';
import { checkLog } from './check-log.ts';
import { checkSignatureEvidence } from './check-signature-evidence.ts';
import type { Finding } from './finding.ts';
import { checkRecords } from './check-records.ts';
import { repair } from './repair.ts';
import { underWayBeside } from './under-way.ts';

/**
 * `mohr fsck [--repair] [--log-key …]`: checks every record of the deployment and names each row that is wrong, one JSON object a line. Exit
 * code 1: something is. With `--repair`, completes what a crash left before it looks.
 */
export async function fsck(args: string[]): Promise<number> {
  const form = {
    usage: 'fsck [--repair] [--log-key <key or file>] [flags]',
    operands: 0,
    switches: ['repair'],
    values: ['log-key'],
  };
  const line = readCommandLine(form, args, process.env);
  if (!line) return USAGE_EXIT_CODE;
  if (line.switches.has('repair')) {
    const { certificates, applications } = await repair(line.settings);
    process.stderr.write(`fsck: completed ${certificates} certificates and ${applications} applications\n`);
  }
  const findings = await report(line.settings, await readLogKeys(line.values['log-key']));
  process.stderr.write(findings === 0 ? 'fsck: nothing found\n' : `fsck: ${findings} findings\n`);
  return findings === 0 ? 0 : 1;
}

async function report(settings: Settings, logKeys?: readonly NoteKey[]): Promise<number> {
  return withStores(settings, async ({ database, evidence, signatureEvidence }) => {
    let findings = 0;
    const print = async (found: AsyncIterable<Finding>) => {
      for await (const finding of found) {
        findings += 1;
        process.stdout.write(`${JSON.stringify(finding)}\n`);
      }
    };
    await print(checkRecords(new PgRecords(database), underWayBeside(settings, systemClock)));
    const vault = openEvidenceVault({ ...settings, clock: systemClock });
    await print(checkEvidence(evidence, vault));
    const { judgeAgain } = await openAttestationJudges(settings.attestationFile);
    const hardwarePolicy = `${evaluationNames(settings.publicUrl).oidArc}.2.2`;
    await print(checkAttestations(new PgAttestationRecords(database), { vault, judgeAgain, hardwarePolicy }));
    const folder = new LogFolder(folderOf(settings));
    await print(checkLog({ records: new LogRecords(database), folder, ...(logKeys && { logKeys }) }));
    const witnesses = (await readWitnesses(settings.logWitnesses)).map(({ key }) => key);
    await print(checkLogStatements({ records: new LogRecords(database), witnesses }));
    await print(checkSignatureEvidence(signatureEvidence, vault));
    return findings;
  });
}
