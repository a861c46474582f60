import type { Certificate } from '../../pki/certificate.ts';
import type { NameAttribute } from '../../pki/name.ts';
import { oncePer } from './once-per.ts';

/** The attributes of the subject in their order, whatever relative names they stand in. */
export const subjectAttributes = oncePer(({ subject }: Certificate): readonly NameAttribute[] =>
  subject.rdns.flat(),
);
