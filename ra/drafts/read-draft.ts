import type { Application, ApplicationId } from '../application.ts';
import type { ApplicationStore } from '../application-store.ts';
import { isVisibleTo } from '../decide-application.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { readApplication } from '../read-applications.ts';
import type { ApplicationDraft, DraftStore } from './application-draft.ts';

/** A draft of the officer's office; throws RaError `application-unknown`. */
export async function visibleDraft(
  { drafts }: { drafts: DraftStore },
  officer: Officer,
  id: ApplicationId,
): Promise<ApplicationDraft> {
  const draft = await drafts.find(id);
  if (draft && isVisibleTo(draft, officer)) return draft;
  throw new RaError('application-unknown', 'no such application');
}

/** What an id of the officer's office names, filed or not yet; throws RaError `application-unknown`. */
export async function readApplicationOrDraft(
  house: { applications: ApplicationStore; drafts: DraftStore },
  officer: Officer,
  id: ApplicationId,
): Promise<Application | ApplicationDraft> {
  const draft = await house.drafts.find(id);
  return draft && isVisibleTo(draft, officer) ? draft : readApplication(house, officer, id);
}
