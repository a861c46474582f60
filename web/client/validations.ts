import { useMutation, useQuery } from '@tanstack/react-query';

import type { ValidationReport, Summary } from './validation-report.ts';
import { request } from './request.ts';

/** What is validated, as the service takes it: base64. */
export interface HandedIn {
  /** Tells one handing-in from another. */
  id: string;
  /** Of the files, the signature's first. */
  names: readonly string[];
  /** SHA-256 of each file, hexadecimal. */
  sha256: readonly string[];
  body: {
    signature: string;
    content?: string;
    contents?: readonly { name: string; content: string }[];
  };
}

export interface Verdict {
  report: ValidationReport;
  summary: Summary;
}

export interface KeptVerdict {
  report: ValidationReport;
  summary: Record<Summary['language'], Summary>;
  documentSha256?: string;
  keptAt: string;
  expiresAt: string;
}

export interface KeptLink {
  link: string;
  expiresAt: string;
}

export interface ReportFiles {
  /** Base64 of a ZIP and of a PDF. */
  pack: string;
  print: string;
}

/** Some megabytes from a phone at the edge of its network. */
const UPLOAD_MILLISECONDS_MAX = 180_000;

/** A verdict is asked for once: nothing asks again behind the reader's back, and nothing of it outlives the page. */
const ONCE = { staleTime: Infinity, gcTime: 0, retry: false, refetchOnWindowFocus: false } as const;

export function useVerdict(handed: HandedIn, language: Summary['language']) {
  return useQuery({
    ...ONCE,
    queryKey: ['verdict', handed.id, language],
    queryFn: async ({ signal }): Promise<Verdict> => {
      const body = { ...handed.body, summary: language };
      const millisecondsMax = UPLOAD_MILLISECONDS_MAX;
      const { summary, ...report } = await request<ValidationReport & { summary: Summary }>(
        'POST',
        '/validations',
        { body, signal, millisecondsMax },
      );
      return { report, summary };
    },
  });
}

/** The sealed report of what was handed in, with its evidence, and on paper. */
export function useReportFiles(handed: HandedIn, language: Summary['language']) {
  return useMutation({
    mutationFn: () =>
      request<ReportFiles>('POST', '/validation-reports', {
        body: { ...handed.body, language },
        millisecondsMax: UPLOAD_MILLISECONDS_MAX,
      }),
  });
}

export function useKeepVerdict(handed: HandedIn) {
  return useMutation({
    mutationFn: () =>
      request<KeptLink>('POST', '/kept-verdicts', {
        body: handed.body,
        millisecondsMax: UPLOAD_MILLISECONDS_MAX,
      }),
  });
}

export function useKeptVerdict(secret: string) {
  return useQuery({
    ...ONCE,
    queryKey: ['kept-verdict', secret],
    queryFn: ({ signal }) => request<KeptVerdict>('GET', '/kept-verdicts/current', { token: secret, signal }),
  });
}

export function useRemoveKeptVerdict(secret: string) {
  return useMutation({
    mutationFn: () => request<void>('DELETE', '/kept-verdicts/current', { token: secret }),
  });
}
