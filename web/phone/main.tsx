// First, for the order of the styles: those of a page come after those of all.
import { showPage } from '../app/show-page.tsx';
import { PhoneApp } from './phone-app.tsx';
import { installation } from './tasks/installation.ts';
import { followLinks } from './tasks/opened-link.ts';
import { startWorker } from './tasks/start-worker.ts';

// First of all: the address may hold a secret.
followLinks();
installation.follow();
startWorker();

showPage(<PhoneApp />);
