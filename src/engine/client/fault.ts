import { EngineApiError } from './engine-api-error.ts';
import type { Answer } from './exchange.ts';
import { items, member, optionalText } from './json.ts';

/**
 * The JSON of an answer.
 *
 * A refusal has one of two shapes: `{detail, reason}`, and for actions the same as `{fault, status: "failed"}` around it
 * (engine: AbstractBackendActionableResource.java); for what is not there the body is empty.
 *
 * @returns undefined for an empty answer of success.
 * @throws {EngineApiError} for every refusal, and for what is not the API's answer.
 */
export function jsonOf(answer: Answer): unknown {
  const { status, body } = answer;
  if (BEHIND_PROXY.includes(status) || (isPage(answer) && status !== 401)) {
    throw notTheApi(answer);
  }
  const value = body.trim() === '' || isPage(answer) ? undefined : parsed(answer);
  if (status >= 400 || optionalText(value, 'status') === 'failed') {
    throw refusal(status, value);
  }
  if (status >= 300) {
    throw notTheApi(answer);
  }
  return value;
}

/** What a web server answers in the place of an engine that it cannot reach. */
const BEHIND_PROXY: readonly number[] = [502, 503, 504];

/** Whether an answer comes from what stands before the engine, or from its server while the engine is not deployed yet. */
export function isPage({ type, body }: Answer): boolean {
  return type === 'text/html' || (type !== 'application/json' && body.trimStart().startsWith('<'));
}

function parsed({ status, body }: Answer): unknown {
  try {
    return JSON.parse(body);
  } catch {
    if (status >= 400) {
      return undefined;
    }
    throw new EngineApiError(
      'engine-answer',
      { message: 'The engine has answered with broken JSON' },
      status,
    );
  }
}

/** What a fault says, in one line; undefined where it says nothing. */
export function faultText(value: unknown): string | undefined {
  const fault = member(value, 'fault') ?? value;
  const details = items(fault, 'detail').filter(one => typeof one === 'string');
  const detail = details
    .map(one => one.trim().replace(/^\[(.*)\]$/s, '$1'))
    .filter(one => one !== '')
    .join('; ');
  return detail || optionalText(fault, 'reason');
}

function refusal(status: number, value: unknown): EngineApiError {
  const said = faultText(value);
  const message =
    said === undefined
      ? (WORDS[status] ?? `The engine refuses it (HTTP ${status})`)
      : `The engine refuses it: ${said}`;
  const hint = HINTS[status];
  const locked = status === 409 && /\block(?:ed)?\b|in progress|try again/i.test(message);
  return new EngineApiError(
    'engine-fault',
    { message, ...(hint === undefined ? {} : { hint }) },
    status,
    locked,
  );
}

const WORDS: Readonly<Record<number, string>> = {
  401: 'The engine does not know the login any more',
  403: 'The engine does not allow it to this user',
  404: 'The engine has no such object',
  409: 'The state of the object does not allow it now',
};

const HINTS: Readonly<Record<number, string>> = {
  403: 'The user needs a role with the right to do so, on the object or on the whole system.',
};

/** An answer that is no answer of the API: a proxy's page, a redirect, another server. */
function notTheApi({ status, location }: Answer): EngineApiError {
  if (BEHIND_PROXY.includes(status)) {
    const hint = 'If it was started just now, wait; else: systemctl status ovirt-engine, on the engine host.';
    const message =
      'The web server answers, but the engine behind it does not: it is down, or still starting';
    return new EngineApiError('engine-unreachable', { message, hint }, status, true);
  }
  if (status === 404) {
    const message = 'A server answers, but no engine: it is still starting, or there is none at this address';
    return new EngineApiError(
      'engine-unreachable',
      { message, hint: 'If it was started just now, wait; else compare the address.' },
      status,
    );
  }
  if (location !== undefined) {
    const message = `The server sends us elsewhere: ${location}`;
    return new EngineApiError(
      'engine-answer',
      { message, hint: 'Name the engine itself, by its full name.' },
      status,
    );
  }
  const message = `A server answers with a page (HTTP ${status}), and not the API of an engine`;
  return new EngineApiError('engine-answer', { message, hint: 'Is it the address of an engine?' }, status);
}
