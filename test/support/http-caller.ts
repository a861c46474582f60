/** As much of a request as the software of clinics and phones sends. */
export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  payload?: object | string;
  /** Where it seems to come from; of no meaning over a socket. */
  remoteAddress?: string;
}

export interface CallAnswer {
  statusCode: number;
  headers: Readonly<Record<string, number | string | readonly string[] | undefined>>;
  body: string;
  json<T>(): T;
}

/** What can be asked: a service in this process, or a node by HTTP. */
export interface Caller {
  inject(options: CallOptions): Promise<CallAnswer>;
}

/** Sends over a socket what others inject. */
export function httpCaller(url: string): Caller {
  return {
    inject: async ({ method = 'GET', url: path, headers = {}, payload }) => {
      const isText = typeof payload === 'string';
      const type: Record<string, string> =
        payload === undefined || isText ? {} : { 'content-type': 'application/json' };
      const body = payload === undefined ? {} : { body: isText ? payload : JSON.stringify(payload) };
      const response = await fetch(`${url}${path}`, { method, headers: { ...type, ...headers }, ...body });
      const text = await response.text();
      const answered = Object.fromEntries(response.headers);
      return {
        statusCode: response.status,
        headers: answered,
        body: text,
        json: <T>() => JSON.parse(text) as T,
      };
    },
  };
}
