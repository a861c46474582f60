import { writeFileSync } from 'node:fs';

import { LINTS_FILE, lintsDocument } from './support/lints-document.ts';
import { LICENCES_FILE, licencesDocument } from './support/production-packages.ts';
import { OPENAPI_FILE, openapiDocument } from './support/openapi-document.ts';

// `npm run docs`: after a change of a route, a schema or a lint.
writeFileSync(OPENAPI_FILE, `${JSON.stringify(await openapiDocument(), null, 2)}\n`);
writeFileSync(LINTS_FILE, lintsDocument());
writeFileSync(LICENCES_FILE, licencesDocument());
