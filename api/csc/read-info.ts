import { Type } from 'typebox';

import { CSC_TEXTS, languageOf } from '../../signing/csc/csc-language.ts';
import { CONFORMANCE_LEVELS, CSC_FORMATS } from '../../signing/csc/wanted-signatures.ts';
import { ALG } from '../../pki/oid.ts';
import type { TypedApp } from '../typed-app.ts';
import { cscRefusals } from './csc-answers.ts';
import { Lang } from './csc-schemas.ts';
import type { CscRouteServices } from './csc-services.ts';

const SPECIFICATION = '2.0.0.2';
/** ISO 3166-1. */
const REGION = 'IR';

/** §12: names of the methods that are answered here. */
const METHODS = [
  'auth/revoke',
  'credentials/list',
  'credentials/info',
  'credentials/authorize',
  'credentials/authorizeCheck',
  'signatures/signHash',
  'signatures/signDoc',
  'signatures/signPolling',
  'oauth2/authorize',
  'oauth2/pushed_authorize',
  'oauth2/token',
  'oauth2/revoke',
];

const Strings = Type.Array(Type.String());

export function readInfoRoute(app: TypedApp, { csc }: CscRouteServices): void {
  app.post(
    '/info',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'csc-info',
        tags: ['CSC API v2'],
        summary: 'What this service offers of the CSC API (§11.1)',
        body: Type.Object({ lang: Lang }),
        response: {
          200: Type.Object({
            specs: Type.String(),
            name: Type.String(),
            logo: Type.String(),
            region: Type.String(),
            lang: Type.String(),
            description: Type.String(),
            authType: Strings,
            oauth2: Type.String(),
            asynchronousOperationMode: Type.Boolean(),
            methods: Strings,
            validationInfo: Type.Boolean(),
            signAlgorithms: Type.Object({ algos: Strings }),
            signature_formats: Type.Object({ formats: Strings, envelope_properties: Type.Array(Strings) }),
            conformance_levels: Strings,
          }),
          ...cscRefusals,
        },
      },
    },
    (request) => {
      const lang = languageOf(request.body.lang);
      const { name, about } = CSC_TEXTS[lang];
      return {
        specs: SPECIFICATION,
        name,
        logo: `${csc.baseUrl}/logo.png`,
        region: REGION,
        lang,
        description: about,
        authType: ['oauth2code', 'oauth2client'],
        oauth2: csc.baseUrl,
        asynchronousOperationMode: true,
        methods: METHODS,
        validationInfo: false,
        signAlgorithms: { algos: [ALG.ecdsaWithSha256, ALG.sha256WithRsa] },
        signature_formats: {
          formats: Object.keys(CSC_FORMATS),
          envelope_properties: Object.values(CSC_FORMATS).map(({ properties }) => [...properties]),
        },
        conformance_levels: CONFORMANCE_LEVELS,
      };
    },
  );
}
