// First, for the order of the styles: those of a page come after those of all.
import { showPage } from '../app/show-page.tsx';
import { languageOfBrowser } from '../i18n/stored-language.ts';
import { VerifyApp } from './verify-app.tsx';

showPage(<VerifyApp />, languageOfBrowser());
