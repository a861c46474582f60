import type { ApiServices } from './api-services.ts';
import { assignCardsRoute } from './cards/assign-cards.ts';
import { changeCardRoute } from './cards/change-card.ts';
import { countCardsRoute } from './cards/count-cards.ts';
import { importCardsRoute } from './cards/import-cards.ts';
import { issueCardTicketRoute } from './cards/issue-card-ticket.ts';
import { listCardBatchesRoute } from './cards/list-card-batches.ts';
import { listCardsRoute } from './cards/list-cards.ts';
import { readCardRoute } from './cards/read-card.ts';
import { abandonPersonalisationRoute } from './personalisations/abandon-personalisation.ts';
import { issuePersonalisationTicketRoute } from './personalisations/issue-personalisation-ticket.ts';
import { issueReadersTicketRoute } from './personalisations/issue-readers-ticket.ts';
import { listPersonalisationsRoute } from './personalisations/list-personalisations.ts';
import { openPersonalisationRoute } from './personalisations/open-personalisation.ts';
import { readCardAgentRoute } from './personalisations/read-card-agent.ts';
import { readPersonalisationRoute } from './personalisations/read-personalisation.ts';
import { reportPinRoute } from './personalisations/report-pin.ts';
import { reportReceiptRoute } from './personalisations/report-receipt.ts';
import { reportRequestRoute } from './personalisations/report-request.ts';
import { reportTestedRoute } from './personalisations/report-tested.ts';
import { reportWrittenRoute } from './personalisations/report-written.ts';
import type { TypedApp } from './typed-app.ts';

/** Stock of cards, and how a key and a certificate get onto one. */
export function cardRoutes(app: TypedApp, services: ApiServices): void {
  const { personalisation } = services;
  assignCardsRoute(app, personalisation);
  changeCardRoute(app, personalisation);
  countCardsRoute(app, personalisation);
  importCardsRoute(app, personalisation);
  issueCardTicketRoute(app, personalisation);
  listCardBatchesRoute(app, personalisation);
  listCardsRoute(app, personalisation);
  readCardRoute(app, personalisation);
  abandonPersonalisationRoute(app, personalisation);
  issuePersonalisationTicketRoute(app, personalisation);
  issueReadersTicketRoute(app, personalisation);
  listPersonalisationsRoute(app, personalisation);
  openPersonalisationRoute(app, personalisation);
  readCardAgentRoute(app, services);
  readPersonalisationRoute(app, personalisation);
  reportPinRoute(app, personalisation);
  reportReceiptRoute(app, personalisation);
  reportRequestRoute(app, personalisation);
  reportTestedRoute(app, personalisation);
  reportWrittenRoute(app, personalisation);
}
