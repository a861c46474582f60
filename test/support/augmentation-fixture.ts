import { TrustStore } from '../../validation/trust-store.ts';
import { fixtureAuthority } from './fixture-authority.ts';
import { FixtureDeployment, NOON } from './fixture-deployment.ts';
import { fixtureCrl, ocspOctets } from './fixture-path.ts';

/** A doctor whose signatures can be lifted to every level: who stamps, what validates doctor and stamper, and who trusts both. */
export async function augmentationFixture() {
  const deployment = await FixtureDeployment.create();
  const doctor = await deployment.issue();
  const { tsa, authority } = await fixtureAuthority();
  const { root, bronze } = deployment;
  // Time stamps of the same moment get milliseconds of their own.
  deployment.clock.set(new Date(NOON.getTime() + 60_000));
  const trust = new TrustStore({
    anchors: [root.certificate],
    intermediates: [bronze.certificate],
    timeStampAnchors: [tsa.root.certificate],
  });
  const material = {
    certificates: [bronze.certificate.bytes, tsa.certificate.bytes],
    crls: [
      (await fixtureCrl(root, { thisUpdate: NOON })).bytes,
      (await fixtureCrl(tsa.root, { thisUpdate: NOON })).bytes,
    ],
    ocspResponses: [await ocspOctets(doctor.certificate, bronze)],
  };
  const ports = { timeStamper: authority, material: { materialFor: async () => material } };
  return { deployment, doctor, tsa, trust, ports };
}
