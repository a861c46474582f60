import { activation as enActivation } from './en/activation.ts';
import { application as enApplication } from './en/application.ts';
import { block as enBlock } from './en/block.ts';
import { cards as enCards } from './en/cards.ts';
import { certificates as enCertificates } from './en/certificates.ts';
import { dashboard as enDashboard } from './en/dashboard.ts';
import { inspections as enInspections } from './en/inspections.ts';
import { offices as enOffices } from './en/offices.ts';
import { phone as enPhone } from './en/phone.ts';
import { problems as enProblems } from './en/problems.ts';
import { queue as enQueue } from './en/queue.ts';
import { relyingParties as enRelyingParties } from './en/relying-parties.ts';
import { shell as enShell } from './en/shell.ts';
import { signIn as enSignIn } from './en/sign-in.ts';
import { terms as enTerms } from './en/terms.ts';
import { verify as enVerify } from './en/verify.ts';
import { activation as faActivation } from './fa/activation.ts';
import { application as faApplication } from './fa/application.ts';
import { block as faBlock } from './fa/block.ts';
import { cards as faCards } from './fa/cards.ts';
import { certificates as faCertificates } from './fa/certificates.ts';
import { dashboard as faDashboard } from './fa/dashboard.ts';
import { inspections as faInspections } from './fa/inspections.ts';
import { offices as faOffices } from './fa/offices.ts';
import { phone as faPhone } from './fa/phone.ts';
import { problems as faProblems } from './fa/problems.ts';
import { queue as faQueue } from './fa/queue.ts';
import { relyingParties as faRelyingParties } from './fa/relying-parties.ts';
import { shell as faShell } from './fa/shell.ts';
import { signIn as faSignIn } from './fa/sign-in.ts';
import { terms as faTerms } from './fa/terms.ts';
import { verify as faVerify } from './fa/verify.ts';
import type { Language } from './language.ts';

export const en = {
  ...enShell,
  ...enTerms,
  ...enProblems,
  ...enSignIn,
  ...enQueue,
  ...enApplication,
  ...enActivation,
  ...enCards,
  ...enCertificates,
  ...enOffices,
  ...enInspections,
  ...enRelyingParties,
  ...enDashboard,
  ...enBlock,
  ...enPhone,
  ...enVerify,
};

/** The name of a text. A name that is missing in one language does not compile. */
export type TextKey = keyof typeof en;

const fa: Record<TextKey, string> = {
  ...faShell,
  ...faTerms,
  ...faProblems,
  ...faSignIn,
  ...faQueue,
  ...faApplication,
  ...faActivation,
  ...faCards,
  ...faCertificates,
  ...faOffices,
  ...faInspections,
  ...faRelyingParties,
  ...faDashboard,
  ...faBlock,
  ...faPhone,
  ...faVerify,
};

/** Every text of the console by language. `{name}` in a text is a place for a value. */
export const CATALOGUES: Record<Language, Record<TextKey, string>> = { fa, en };
