import type { ActOf } from '../../../ca/ceremony/act.ts';
import type { NamedIssuer, RegisterInputs } from '../../../ca/ceremony/register-authority.ts';
import { certificateFacts } from '../../../ca/ceremony/transcript.ts';
import type { LintReport } from '../../../ca/lint/lint.ts';
import type { ActContext, ActOutcome } from '../act-runner.ts';

type ImportAct = ActOf<'import-certificate'> | ActOf<'roll-over-intermediate'>;

/** Reads what both kinds of import judge, and opens the key, which proves that it is ours. */
export async function importedCertificate(context: ActContext, act: ImportAct): Promise<RegisterInputs> {
  const { files, keys, ceremonySha256 } = context;
  const issuers: NamedIssuer[] = [];
  for (const { id, certificate, acceptLints } of act.issuers) {
    issuers.push({ id, certificate: await files.certificate(certificate), acceptLints: acceptLints ?? [] });
  }
  return {
    authorityId: act.authority.id,
    commonName: act.authority.commonName,
    assuranceLevel: act.authority.assuranceLevel,
    names: act.names,
    profile: await context.profiles.read(act.profile),
    request: await files.certificationRequest(act.request),
    certificate: await files.certificate(act.certificate),
    issuers,
    keyReference: act.key,
    signer: await keys.open('intermediate', { reference: act.key }),
    ceremonySha256,
  };
}

export function importOutcome(inputs: RegisterInputs, reports: readonly LintReport[]): ActOutcome {
  return {
    contents: [],
    certificates: [
      certificateFacts('intermediate', inputs.certificate),
      ...inputs.issuers.map(({ id, certificate }) => certificateFacts(id, certificate)),
    ],
    reports,
    facts: { imported: `authority ${inputs.authorityId}, level ${inputs.assuranceLevel}` },
  };
}
