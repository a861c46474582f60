import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import { pino } from 'pino';
import t from 'tap';
import type { Test } from 'tap';

import { buildApp } from '../../api/app.ts';
import { openHouse } from '../../cli/house.ts';
import type { House, HouseOptions } from '../../cli/house.ts';
import { listKeys } from '../../cli/keys/list-keys.ts';
import { ManualClock, systemClock } from '../../core/clock.ts';
import { migrate } from '../../db/migrate.ts';
import { openPool } from '../../db/open-embedded.ts';
import type { OpenedPool } from '../../db/open-embedded.ts';
import { onlyProcess } from '../../db/pg-leader-lock.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import { encodeOcspRequest } from '../support/ocsp-request.ts';
import { applicationBody } from '../support/applications.ts';
import { MIGRATIONS } from '../support/both-databases.ts';
import { runOpenssl } from '../support/run-openssl.ts';
import { SOFTHSM_MODULE, softToken } from '../support/soft-token.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { signInTo } from '../support/test-service.ts';
