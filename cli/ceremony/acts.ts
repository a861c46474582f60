import type { ActName } from '../../ca/ceremony/act.ts';
import type { ActRunner } from './act-runner.ts';
import { importCertificateAct } from './acts/import-certificate.ts';
import { importCrlAct } from './acts/import-crl.ts';
import { makeIntermediateRequestAct } from './acts/make-intermediate-request.ts';
import { makeRootAct } from './acts/make-root.ts';
import { rollOverIntermediateAct } from './acts/roll-over-intermediate.ts';
import { rootCrlAct } from './acts/root-crl.ts';
import { signIntermediateAct } from './acts/sign-intermediate.ts';

/** Everything that a ceremony may do. */
export const ACTS: { readonly [Name in ActName]: ActRunner<Name> } = {
  'make-root': makeRootAct,
  'make-intermediate-request': makeIntermediateRequestAct,
  'sign-intermediate': signIntermediateAct,
  'import-certificate': importCertificateAct,
  'roll-over-intermediate': rollOverIntermediateAct,
  'root-crl': rootCrlAct,
  'import-crl': importCrlAct,
};
