import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';

import { systemClock } from '../../core/clock.ts';
import { fhirPrescription, socialSecurityPrescription } from './prescriptions.ts';
import type { Prescription } from './prescriptions.ts';
import { runDemo } from './run-demo.ts';

/** `mohr demo`: exit code 0 only if everything was as expected. */
export async function demo(): Promise<number> {
  const failures = await runDemo(await choosePrescriptions(), resolve('demo-out'));
  process.stdout.write(
    failures === 0 ? '\nEverything was as expected.\n' : `\n${failures} expectation(s) did not hold.\n`,
  );
  return failures === 0 ? 0 : 1;
}

/** Two synthetic ones, or the file that `MOHR_DEMO_PRESCRIPTION` names. */
async function choosePrescriptions(): Promise<Prescription[]> {
  const given = process.env['MOHR_DEMO_PRESCRIPTION'];
  const now = systemClock.now();
  if (!given) return [fhirPrescription(now), socialSecurityPrescription(now)];
  const extension = extname(basename(given)).slice(1) || 'bin';
  const mediaType = MEDIA_TYPES[extension] ?? 'application/octet-stream';
  return [{ name: 'prescription', extension, mediaType, content: await readFile(given) }];
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  xml: 'application/fhir+xml',
  json: 'application/json',
  pdf: 'application/pdf',
};
