import type { PhoneRecords } from './phone-records.ts';

// Everything that the phone keeps, in IndexedDB: the only place of a browser that takes keys without showing them to the page. Changes
// are on disk before they count, so that a try that was begun stays counted whatever happens to the page.

const DATABASE = 'mohr-phone';
const STORE = 'phone';

type RecordName = keyof PhoneRecords;

/** What is put, and, as null, what is removed: all of it or nothing. */
export type PhoneChanges = { [Name in RecordName]?: PhoneRecords[Name] | null };

export async function readPhoneRecords(): Promise<Partial<PhoneRecords>> {
  return inStore('readonly', (store, answer) => {
    const found: Partial<PhoneRecords> = {};
    const reading = store.openCursor();
    reading.onsuccess = () => {
      const cursor = reading.result;
      if (!cursor) return answer(found);
      Object.assign(found, { [cursor.key as RecordName]: cursor.value as unknown });
      cursor.continue();
    };
  });
}

export async function changePhoneRecords(changes: PhoneChanges): Promise<void> {
  return inStore('readwrite', (store, answer) => {
    for (const [name, value] of Object.entries(changes))
      if (value === null) store.delete(name);
      else store.put(value, name);
    answer();
  });
}

/** Reads a record and writes what becomes of it in one transaction, which one tab has at a time. Null removes it. */
export async function changePhoneRecord<Name extends RecordName>(
  name: Name,
  change: (record: PhoneRecords[Name] | undefined) => PhoneRecords[Name] | null,
): Promise<PhoneRecords[Name] | null> {
  return inStore('readwrite', (store, answer) => {
    const reading = store.get(name) as IDBRequest<PhoneRecords[Name] | undefined>;
    reading.onsuccess = () => {
      const changed = change(reading.result);
      if (changed === null) store.delete(name);
      else store.put(changed, name);
      answer(changed);
    };
  });
}

async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore, answer: (value: T) => void) => void,
): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: 'strict' });
      let answered: { value: T } | undefined;
      work(transaction.objectStore(STORE), (value) => (answered = { value }));
      transaction.oncomplete = () => (answered ? resolve(answered.value) : reject(lost(null)));
      transaction.onabort = () => reject(lost(transaction.error));
    });
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => void opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(lost(opening.error));
  });
}

function lost(cause: unknown): Error {
  return new Error('the browser keeps no data of this page', { cause });
}
