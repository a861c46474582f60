import type { Application, ApplicationState, DraftState } from '../application.ts';
import type { Card } from '../cards/card.ts';
import { isVisibleTo } from '../decide-application.ts';
import type { ApplicationDraft } from '../drafts/application-draft.ts';
import type { Officer } from '../officer.ts';
import { seesAllOffices } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { nextStep } from './personalisation.ts';
import type { NextStep, Personalisation, PersonalisationId } from './personalisation.ts';
import type { PersonalisationHouse } from './personalisation-house.ts';

type Reading = Pick<PersonalisationHouse, 'personalisations' | 'cards' | 'applications' | 'drafts'>;

/** A personalisation with its card, how far the application is, and what comes next. */
export interface PersonalisationFile {
  personalisation: Personalisation;
  card: Card;
  applicationState?: ApplicationState | DraftState;
  next: NextStep;
}

/** One of the officer's office; throws RaError `personalisation-unknown`. */
export async function findPersonalisation(
  house: Pick<Reading, 'personalisations'>,
  officer: Officer,
  id: PersonalisationId,
): Promise<Personalisation> {
  const found = await house.personalisations.find(id);
  if (found && isVisibleTo(found, officer)) return found;
  throw new RaError('personalisation-unknown', 'no such personalisation');
}

export async function readPersonalisation(
  house: Reading,
  officer: Officer,
  id: PersonalisationId,
): Promise<PersonalisationFile> {
  return fileOf(house, await findPersonalisation(house, officer, id));
}

/** Of an application or draft of the officer's office; those under way when none is named. */
export async function listPersonalisations(
  house: Reading,
  officer: Officer,
  { applicationId, limit }: { applicationId?: Personalisation['applicationId']; limit: number },
): Promise<PersonalisationFile[]> {
  const one = applicationId && (await house.personalisations.ofApplication(applicationId));
  const found =
    applicationId === undefined
      ? await house.personalisations.underWay(seesAllOffices(officer) ? undefined : officer.officeId, limit)
      : [one].filter((each) => each !== undefined && isVisibleTo(each, officer)).map((each) => each!);
  const files: PersonalisationFile[] = [];
  for (const each of found) files.push(await fileOf(house, each));
  return files;
}

export async function fileOf(house: Reading, personalisation: Personalisation): Promise<PersonalisationFile> {
  const card = (await house.cards.find(personalisation.cardId))!;
  const state = (await caseOf(house, personalisation))?.state;
  return {
    personalisation,
    card,
    ...(state && { applicationState: state }),
    next: nextStep(personalisation.state, state),
  };
}

/** The application, or the draft that it is still. */
async function caseOf(
  house: Pick<Reading, 'applications' | 'drafts'>,
  { applicationId }: Pick<Personalisation, 'applicationId'>,
): Promise<Application | ApplicationDraft | undefined> {
  return (await house.applications.find(applicationId)) ?? (await house.drafts.find(applicationId));
}
