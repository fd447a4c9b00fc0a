import { engineUrl } from '../engine/client/access.ts';

const SCHEME = 'engine+';

/** Whether `-i` names an engine, and no file: `engine+https://engine.example.org`. */
export function isEngineSource(path: string): boolean {
  return /^engine\+[a-z]+:/i.test(path);
}

/** The engine's address, as `https://host[:port]`; undefined for any other source, and where it is none. */
export function engineSourceUrl(path: string): string | undefined {
  return isEngineSource(path) ? engineUrl(path.slice(SCHEME.length)) : undefined;
}
