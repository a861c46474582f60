/** Of a thread beside a module of this folder: compiled, or TypeScript, for which a thread must register the loader by itself. */
export function workerUrl(name: string, beside: string): URL {
  if (!beside.endsWith('.ts')) return new URL(`./${name}.js`, beside);
  const loader = import.meta.resolve('tsx/esm/api');
  const worker = new URL(`./${name}.ts`, beside).href;
  const module = `import { register } from '${loader}'; register(); await import('${worker}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(module)}`);
}
