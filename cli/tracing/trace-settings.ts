/** Whether and where traces go. */
export interface TraceSettings {
  /** Absent: nothing is traced. */
  traceEndpoint?: string;
  /** 0 to 1. */
  traceShare: number;
}

/** Rows of `SETTINGS`. */
export const TRACE_SETTINGS = {
  traceEndpoint: {
    flag: 'trace-endpoint',
    variable: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    fallback: '(none: nothing is traced)',
    meaning:
      'where an OpenTelemetry collector takes traces as OTLP/HTTP JSON, e.g. `http://127.0.0.1:4318/v1/traces`',
  },
  traceShare: {
    flag: 'trace-share',
    variable: 'OTEL_TRACES_SAMPLER_ARG',
    fallback: '1',
    meaning: 'part of all requests that is traced, 0 to 1',
  },
} as const;

export interface TraceSettingsSource {
  text(name: keyof typeof TRACE_SETTINGS): string | undefined;
  where(name: keyof typeof TRACE_SETTINGS): string;
}

/** Reads the settings; what is wrong goes to `faults`. */
export function readTraceSettings({ text, where }: TraceSettingsSource, faults: string[]): TraceSettings {
  const traceEndpoint = text('traceEndpoint');
  if (traceEndpoint !== undefined && !isHttpUrl(traceEndpoint))
    faults.push(`${where('traceEndpoint')}: not an http or https URL without credentials`);
  const written = text('traceShare') ?? TRACE_SETTINGS.traceShare.fallback;
  const traceShare = /^(?:0(?:\.\d{1,6})?|1(?:\.0)?)$/.test(written) ? Number(written) : NaN;
  if (Number.isNaN(traceShare))
    faults.push(`${where('traceShare')}: "${written}" is not a number from 0 to 1`);
  return { traceShare, ...(traceEndpoint !== undefined && { traceEndpoint }) };
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}
