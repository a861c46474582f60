import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Certificate } from '../../pki/certificate.ts';
import { auditDeployment, fetchProof } from './audit-trail.ts';
import { Artefacts } from './artefacts.ts';
import { CardLife } from './card-life.ts';
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
    const artefacts = await Artefacts.open(outDirectory);
    const { proof, doctor } = await tellStory({ service, narrator, artefacts, prescriptions, dataDirectory });
    await service.stop();
    narrator.expect('the issuance is under a signed checkpoint', proof !== undefined, true);
    if (proof !== undefined) await auditDeployment(narrator, { proof, certificate: doctor, dataDirectory });
    await artefacts.explain(narrator, prescriptions);
    return narrator.failures;
  } finally {
    await service?.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

interface Story {
  service: ServiceProcess;
  narrator: Narrator;
  artefacts: Artefacts;
  prescriptions: readonly Prescription[];
  dataDirectory: string;
}

/** One doctor's certificates from the clerk's desk to the court: on a phone, then on a card. */
async function tellStory({
  service,
  narrator,
  artefacts,
  prescriptions,
  dataDirectory,
}: Story): Promise<{ proof: string | undefined; doctor: Certificate }> {
  const phone = new DoctorsPhone();
  const { cast, passkey, doctor, issuer } = await new Enrolment(service, narrator, artefacts, phone).tell();
  await keepPapers(cast, narrator);
  await enrolPhone({ cast, narrator, passkey, dataDirectory });
  const party = new RelyingParty(cast.public, issuer, AUTHORITY);
  const life = {
    narrator,
    artefacts,
    phone,
    operator: cast.operator,
    holder: cast.public,
    publicUrl: service.publicUrl,
    party,
    doctor,
    issuer,
    prescriptions,
  };
  await new SigningLife(life).tell();
  const [prescription] = prescriptions;
  const folder = join(dataDirectory, 'demo-card');
  await new CardLife({ narrator, cast, passkey, party, prescription, dataDirectory, folder }).tell();
  return { doctor, proof: await fetchProof(cast.public, AUTHORITY, doctor) };
}
