import type { Access } from '../../api/access.ts';
import type { TypedApp } from '../../api/typed-app.ts';
import type { Schema } from './schema-samples.ts';

/** An operation as the API describes it, with who may call it. */
export interface Operation {
  method: string;
  /** With its parameters' names: `/api/v1/applications/:id`. */
  url: string;
  access: Access;
  /** Of a body in JSON. */
  body?: Schema;
  query: Readonly<Record<string, Schema>>;
}

interface Described {
  requestBody?: { content: Record<string, { schema: Schema }> };
  parameters?: { in: string; name: string; schema: Schema }[];
}

/** Every route that the app declares; those without a description in OpenAPI have neither body nor query here. */
export function operationsOf(app: TypedApp): Operation[] {
  const paths = app.swagger().paths as Record<string, Record<string, Described> | undefined>;
  return app.declaredAccess.map(({ method, url, access }) => {
    const described = paths[url.replaceAll(/:([A-Za-z]+)/g, '{$1}')]?.[method.toLowerCase()];
    const body = described?.requestBody?.content['application/json']?.schema;
    const parameters = (described?.parameters ?? []).filter((one) => one.in === 'query');
    const query = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
    return { method, url, access, query, ...(body && { body }) };
  });
}
