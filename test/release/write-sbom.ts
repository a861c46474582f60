import { writeFileSync } from 'node:fs';
import process from 'node:process';

import { billOfMaterials } from './bill-of-materials.ts';

// `SOURCE_DATE_EPOCH=… npm run sbom -- <file>`: the bill of materials that goes with a release.
const [file = 'mohr.cdx.json'] = process.argv.slice(2);
const epochSeconds = Number(process.env['SOURCE_DATE_EPOCH'] ?? 0);
writeFileSync(file, `${JSON.stringify(billOfMaterials({ epochSeconds }), null, 2)}\n`);
