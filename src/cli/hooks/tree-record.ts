import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TreeChange, textAfter } from '../../authoring/tree/change.ts';
import { InputError } from '../../core/input-error.ts';
import { replaceFile } from '../replace-file.ts';
import { stateFolder } from '../runs/record-place.ts';

/** A file of a checkout that was changed, with its whole text before and after; `before` is null where it was made. */
export interface RecordedFile {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
}

/** What `hooks new` or `hooks new-point` has done to one checkout for one name. */
export interface TreeRecord {
  readonly tree: string;
  readonly subject: string;
  readonly files: readonly RecordedFile[];
}

/**
 * Reads what was done to a checkout for a subject (`hook site_audit`), or undefined where nothing is recorded.
 * @throws {InputError} for a record that somebody has damaged.
 */
export async function readTreeRecord(tree: string, subject: string): Promise<TreeRecord | undefined> {
  const file = await placeOf(tree, subject);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    return undefined;
  }
  const record = parse(text);
  if (record === undefined) {
    const hint = 'Remove it; what was done to the checkout then is taken back with git.';
    throw new InputError([{ place: { file }, message: 'is no record of changes to a checkout', hint }]);
  }
  return record;
}

function parse(text: string): TreeRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<TreeRecord> | null;
    return Array.isArray(record?.files) ? (record as TreeRecord) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Records changes before they are made, so that they can be taken back. What an earlier call has changed is kept: taking
 * back goes to before the first.
 */
export async function recordTree(
  tree: string,
  subject: string,
  changes: readonly TreeChange[],
): Promise<void> {
  const place = await placeOf(tree, subject);
  const earlier = await readTreeRecord(tree, subject);
  const files = new Map(earlier?.files.map(file => [file.path, file]));
  for (const change of changes) {
    const now = change.kind === 'new' ? null : change.before;
    const known = files.get(change.path);
    const before = known && (now === known.after || now === known.before) ? known.before : now;
    files.set(change.path, { path: change.path, before, after: textAfter(change) });
  }
  await mkdir(join(place, '..'), { recursive: true, mode: 0o700 });
  const record: TreeRecord = { tree, subject, files: [...files.values()] };
  await replaceFile(place, `${JSON.stringify(record)}\n`);
}

/** Forgets what was done to a checkout for a subject. */
export async function forgetTree(tree: string, subject: string): Promise<void> {
  await rm(await placeOf(tree, subject), { force: true });
}

async function placeOf(tree: string, subject: string): Promise<string> {
  const key = createHash('sha256')
    .update(`${await realpath(tree)}\0${subject}`)
    .digest('hex');
  return join(stateFolder(process.env), 'trees', `${key.slice(0, 32)}.json`);
}
