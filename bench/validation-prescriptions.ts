import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readRoster } from '../ca/campaign/roster.ts';
import { withCampaignHouse } from '../cli/campaign/campaign-house.ts';
import { BATCH_ROWS_MAX, issueRoster } from '../cli/campaign/issue-roster.ts';
import { ROSTER_COLUMNS } from '../cli/campaign/roster-application.ts';
import { openRosterFile } from '../cli/campaign/roster-file.ts';
import { DOCTOR } from '../cli/demo/doctor.ts';
import { fhirPrescription } from '../cli/demo/prescriptions.ts';
import type { Settings } from '../cli/settings.ts';
import { systemClock } from '../core/clock.ts';
import { syntheticNationalId } from '../core/national-id.ts';
import { makeCertificationRequest } from '../keys/make-certification-request.ts';
import type { Signer } from '../keys/signer.ts';
import { parseCertificate } from '../pki/certificate.ts';
import type { Certificate } from '../pki/certificate.ts';
import { AT } from '../pki/oid.ts';
import { decodePem } from '../pki/pem.ts';
import { signCades } from '../signing/cades/sign-cades.ts';

const PROFILE = 'signing-phone';

export type BenchDoctorKey = 'p256' | 'rsa2048';

interface Doctor {
  signer: Signer;
  councilDigits: string;
  certificate: Certificate;
}

/** Prescriptions of doctors with certificates of the deployment: CAdES over a FHIR Bundle, each another one. */
export async function signPrescriptions(
  settings: Settings,
  order: {
    folder: string;
    keyType: BenchDoctorKey;
    doctors: number;
    prescriptions: number;
    firstSeed: number;
  },
): Promise<Buffer[]> {
  const doctors = await issueDoctors(settings, order);
  const signingTime = systemClock.now();
  const text = fhirPrescription(signingTime).content.toString();
  const prescriptions: Buffer[] = [];
  for (let index = 0; index < order.prescriptions; index += 1) {
    const { signer, certificate, councilDigits } = doctors[index % doctors.length];
    const content = text
      .replaceAll(DOCTOR.councilNumber.digits, councilDigits)
      .replace('demo-1', `bench-${index}`);
    prescriptions.push(await signCades({ content: Buffer.from(content), signer, certificate, signingTime }));
  }
  return prescriptions;
}

async function issueDoctors(
  settings: Settings,
  { folder, keyType, doctors, firstSeed }: Parameters<typeof signPrescriptions>[1],
): Promise<Doctor[]> {
  const rows: { signer: Signer; councilDigits: string; line: string }[] = [];
  for (let seed = firstSeed; seed < firstSeed + doctors; seed += 1) rows.push(await rosterRow(keyType, seed));
  const roster = join(folder, `${keyType}.ndjson`);
  await writeFile(roster, rows.map(({ line }) => `${line}\n`).join(''));
  return withCampaignHouse({ settings, clock: systemClock }, async (house) => {
    const officers = await house.database.transaction((tx) => house.officers.listOfficers(tx));
    const terms = {
      filedBy: officers.find(({ roles }) => roles.includes('clerk'))!,
      approvedBy: officers.find(({ roles }) => roles.includes('approving-officer'))!,
      campaign: 'bench',
      profileId: PROFILE,
      authorityId: await house.authorityFor(PROFILE),
    };
    const { chunks, format } = await openRosterFile(roster);
    const read = readRoster(chunks, { format, required: ROSTER_COLUMNS });
    const issued: Doctor[] = [];
    for await (const results of issueRoster(read, { house, terms, dryRun: false, batchSize: BATCH_ROWS_MAX }))
      for (const result of results) {
        if (result.outcome !== 'issued') throw new Error(JSON.stringify(result));
        const { bytes } = decodePem(result.certificate, ['CERTIFICATE'])[0];
        const certificate = parseCertificate(bytes);
        const row = rows.find(({ signer }) =>
          signer.subjectPublicKeyInfo.equals(certificate.subjectPublicKeyInfo),
        )!;
        issued.push({ ...row, certificate });
      }
    return issued;
  });
}

async function rosterRow(keyType: BenchDoctorKey, seed: number) {
  const signer = signerOf(keyType);
  const councilDigits = String(100_000 + (seed % 899_999));
  const request = await makeCertificationRequest(signer, [{ type: AT.commonName, value: 'bench' }]);
  const line = JSON.stringify({
    national_id: syntheticNationalId(seed),
    given_name: 'شیرین',
    surname: 'آزمایشی',
    latin_name: 'Shirin Azmayeshi',
    council_group: 'physician',
    council_digits: councilDigits,
    request: request.toString('base64'),
  });
  return { signer, councilDigits, line };
}

function signerOf(keyType: BenchDoctorKey): Signer {
  const { privateKey, publicKey } = pairOf(keyType);
  return {
    label: 'bench',
    algorithm: keyType === 'p256' ? 'ecdsa-sha256' : 'rsa-sha256',
    subjectPublicKeyInfo: publicKey.export({ type: 'spki', format: 'der' }),
    sign: async (message) => sign('sha256', message, privateKey),
  };
}

function pairOf(keyType: BenchDoctorKey): { privateKey: KeyObject; publicKey: KeyObject } {
  return keyType === 'p256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
}
