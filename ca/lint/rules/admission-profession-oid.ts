import { councilIdentity } from '../council-identity.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** Professions are named below the sector's arc, the one to which the assigner of the council number belongs. */
export const admissionProfessionOid: CertificateLint = {
  id: 'admission-profession-oid',
  source: 'practice statement: profiles',
  check({ certificate }) {
    const identity = councilIdentity(certificate);
    const infos = parsedExtensions(certificate).admission?.professionInfos;
    if (!identity || !infos) return 'not-applicable';
    const professions = `${identity.arc}.4.`;
    const foreign = infos.flatMap((info) => info.professionOids).find((oid) => !oid.startsWith(professions));
    return foreign ? error(`profession ${foreign} is not below ${professions.slice(0, -1)}`) : 'pass';
  },
};
