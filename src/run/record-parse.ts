import type { Change } from '../core/change.ts';
import type { Failure } from '../core/failure.ts';
import type { HostResult } from '../core/host-result.ts';
import { OUTCOMES, type Outcome } from '../core/outcome.ts';
import { RECORD_FORMAT, type RecordLine, type RunAsked, type RunEnd } from './record-line.ts';

/** Reads a line; undefined for what is none, or of a later format. */
export function parseLine(text: string): RecordLine | undefined {
  const line = parsed(text);
  if (!isObject(line)) {
    return undefined;
  }
  const { type, play, host } = line;
  switch (type) {
    case 'begin':
      return line.format === RECORD_FORMAT && isAsked(line.asked)
        ? { type, format: RECORD_FORMAT, asked: line.asked }
        : undefined;
    case 'pass':
      return { type, apply: line.apply === true };
    case 'changing':
      return typeof play === 'number' && typeof host === 'string' ? { type, play, host } : undefined;
    case 'host':
      return typeof play === 'number' && typeof host === 'string' && isResult(line.result)
        ? { type, play, host, result: line.result }
        : undefined;
    case 'end':
      return isEnd(line.end) ? { type, end: line.end } : undefined;
    default:
      return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAsked(value: unknown): value is RunAsked {
  return (
    isObject(value) &&
    ['id', 'hookfleet', 'command', 'folder', 'startedAt'].every(key => typeof value[key] === 'string') &&
    !Number.isNaN(Date.parse(String(value.startedAt))) &&
    typeof value.changes === 'boolean' &&
    typeof value.forks === 'number' &&
    [value.words, value.typed, value.inventory].every(isTexts) &&
    (value.playbook === null || (isObject(value.playbook) && isTexts(Object.values(value.playbook)))) &&
    isBy(value.by) &&
    isListOf(value.plays, play => isObject(play) && typeof play.name === 'string' && isTexts(play.hosts)) &&
    isTextMap(value.addresses)
  );
}

function isBy(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.user === 'string' &&
    isTextOrNull(value.sudoUser) &&
    typeof value.host === 'string' &&
    typeof value.pid === 'number' &&
    isTextOrNull(value.process)
  );
}

function isEnd(value: unknown): value is RunEnd {
  return (
    isObject(value) &&
    typeof value.at === 'string' &&
    typeof value.ms === 'number' &&
    typeof value.exitCode === 'number' &&
    isTextOrNull(value.stopped) &&
    typeof value.interrupted === 'boolean' &&
    isObject(value.totals) &&
    Object.values(value.totals).every(total => typeof total === 'number')
  );
}

function isResult(value: unknown): value is HostResult {
  return (
    isObject(value) &&
    OUTCOMES.includes(value.outcome as Outcome) &&
    isListOf(value.changes, isChange) &&
    (value.error === null || isFailure(value.error)) &&
    isTexts(value.notes) &&
    typeof value.ms === 'number' &&
    (value.facts === undefined || isTextMap(value.facts))
  );
}

const CHANGE_TEXTS = ['resource', 'id', 'action'] as const satisfies readonly (keyof Change)[];
const FAILURE_TEXTS = ['kind', 'message', 'step'] as const satisfies readonly (keyof Failure)[];

function isChange(value: unknown): boolean {
  return (
    isObject(value) &&
    CHANGE_TEXTS.every(key => typeof value[key] === 'string') &&
    [value.before, value.after].every(isTextOrNull)
  );
}

function isFailure(value: unknown): boolean {
  return (
    isObject(value) &&
    FAILURE_TEXTS.every(key => typeof value[key] === 'string') &&
    [value.command, value.stderr, value.hint].every(isTextOrNull) &&
    (value.exitCode === null || typeof value.exitCode === 'number')
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

function isTexts(value: unknown): boolean {
  return isListOf(value, item => typeof item === 'string');
}

function isTextMap(value: unknown): boolean {
  return isObject(value) && isTexts(Object.values(value));
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
