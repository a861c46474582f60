import { register } from 'tsx/esm/api';

/** Imports a source whose name is known only now, also where the test itself was compiled before. */
export function loadSource<Module>(url: URL): Promise<Module> {
  if (!process.argv[1].endsWith('.ts')) register();
  return import(url.href) as Promise<Module>;
}
