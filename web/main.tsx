// First, for the order of the styles: those of a page come after those of all.
import { showPage } from './app/show-page.tsx';
import { App } from './app/app.tsx';

showPage(<App />);
