import { noteConnection } from './connection.ts';
import { ConnectionError } from './problem.ts';
import { MILLISECONDS_MAX, addressOf, readAnswer } from './request.ts';
import type { Query } from './request.ts';

interface UploadOptions {
  query?: Query;
  file: File;
  /** Told how much of it has gone out, from 0 to 1. */
  onProgress(part: number): void;
}

/**
 * Sends a file and reads the JSON that comes back; throws ProblemError or ConnectionError. Not by fetch, which does not tell how much
 * has gone out. It may take long as long as it moves.
 */
export async function upload<T>(path: string, { query, file, onProgress }: UploadOptions): Promise<T> {
  const body = new FormData();
  body.append('file', file);
  return readAnswer(await post(addressOf(path, query), body, onProgress));
}

function post(address: string, body: FormData, onProgress: (part: number) => void): Promise<Response> {
  const sending = new XMLHttpRequest();
  let standstill: ReturnType<typeof setTimeout>;
  const moved = () => {
    clearTimeout(standstill);
    standstill = setTimeout(() => sending.abort(), MILLISECONDS_MAX);
  };
  return new Promise<Response>((resolve, reject) => {
    const lost = (event: ProgressEvent) => {
      noteConnection(false);
      reject(new ConnectionError(event.type));
    };
    sending.upload.onprogress = ({ loaded, total }) => {
      moved();
      onProgress(loaded / total);
    };
    sending.onload = () => resolve(new Response(sending.responseText, { status: sending.status }));
    sending.onerror = lost;
    sending.onabort = lost;
    sending.open('POST', address);
    sending.setRequestHeader('accept', 'application/json');
    moved();
    sending.send(body);
  }).finally(() => clearTimeout(standstill));
}
