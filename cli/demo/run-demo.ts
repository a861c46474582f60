import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Artefacts } from './artefacts.ts';
import { DoctorsPhone } from './doctor.ts';
import { AUTHORITY, Enrolment } from './enrolment.ts';
import { keepPapers } from './keep-papers.ts';
import { Narrator } from './narrator.ts';
import { enrolPhone } from './phone-enrolment.ts';
import type { Prescription } from './prescriptions.ts';
import { RelyingParty } from './relying-party.ts';
import { startService } from './service-process.ts';
import type { ServiceProcess } from './service-process.ts';
import { SigningLife } from './signing-life.ts';

/** Runs the main job over HTTP against a fresh data directory; returns how many expectations did not hold. */
export async function runDemo(prescriptions: readonly Prescription[], outDirectory: string): Promise<number> {
  const narrator = new Narrator();
  const dataDirectory = await mkdtemp(join(tmpdir(), 'mohr-demo-'));
  let service: ServiceProcess | undefined;
  try {
    narrator.step('A fresh service starts: development ceremony, two issuing CAs, a demonstration office.');
    service = await startService(dataDirectory);
    await tellStory(service, narrator, await Artefacts.open(outDirectory), prescriptions, dataDirectory);
    return narrator.failures;
  } finally {
    await service?.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

/** One doctor's certificate from the clerk's desk to the court. */
async function tellStory(
  service: ServiceProcess,
  narrator: Narrator,
  artefacts: Artefacts,
  prescriptions: readonly Prescription[],
  dataDirectory: string,
): Promise<void> {
  const phone = new DoctorsPhone();
  const { cast, doctor, issuer, passkey } = await new Enrolment(service, narrator, artefacts, phone).tell();
  await keepPapers(cast, narrator);
  await enrolPhone({ cast, narrator, passkey, dataDirectory });
  const party = new RelyingParty(cast.public, issuer, AUTHORITY);
  const life = {
    narrator,
    artefacts,
    phone,
    operator: cast.operator,
    holder: cast.public,
    party,
    doctor,
    issuer,
    prescriptions,
  };
  await new SigningLife(life).tell();
  await artefacts.explain(narrator, prescriptions);
}
