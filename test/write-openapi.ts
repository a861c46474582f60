import { writeFileSync } from 'node:fs';

import { OPENAPI_FILE, openapiDocument } from './support/openapi-document.ts';

// `npm run openapi`: after a change of a route or schema.
writeFileSync(OPENAPI_FILE, `${JSON.stringify(await openapiDocument(), null, 2)}\n`);
