import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { BUILT_IN, type Catalog, type Hook, type HookScript, makeCatalog } from '../catalog/hooks.ts';
import { isPredefined } from '../catalog/predefined.ts';
import { releaseOf } from '../catalog/releases.ts';
import { InputError, type Problem } from '../core/input-error.ts';
import { schemaProblems } from './schema-problems.ts';
import { siteCatalogProblems } from './site-catalog-rules.ts';
import { type SiteHookData, siteCatalogSchema } from './site-catalog-schema.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';

/** The word for no site catalogue at all, in the place of a folder. */
export const NO_CATALOG = 'none';

/**
 * hookfleet's catalogue with the hooks that a site adds: those of every `*.yml` and `*.yaml` of a folder.
 *
 * @param folder `none` for hookfleet's own alone.
 * @param named whether somebody has named the folder; one that nobody named need not be there.
 * @throws {InputError} with everything that is wrong in its files.
 */
export async function loadCatalog(folder: string, named: boolean): Promise<Catalog> {
  if (folder === NO_CATALOG) {
    return BUILT_IN;
  }
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (!named && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      return undefined;
    }
    throw new InputError([
      {
        place: { file: folder },
        message: `the catalogue cannot be read: ${error.code === 'ENOENT' ? 'there is no such folder' : error.message}`,
        hint: `A catalogue is a folder of *.yml files; --catalog ${NO_CATALOG} does without.`,
      },
    ]);
  });
  const files = (names ?? []).filter(name => /^[^.].*\.ya?ml$/.test(name)).sort();
  if (files.length === 0) {
    return BUILT_IN;
  }
  const sources = await Promise.all(files.map(name => readSource(join(folder, name))));
  const problems = sources.flatMap(source => ('broken' in source ? source.broken : shapeProblems(source)));
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  const read = sources.flatMap(source => ('broken' in source ? [] : [source]));
  const clashes = siteCatalogProblems(read);
  if (clashes.length > 0) {
    throw new InputError(clashes);
  }
  const hooks = await Promise.all(
    read.flatMap(source =>
      siteCatalogSchema
        .parse(source.value ?? [])
        .map(async (data, index) => hookOf(data, dirname(source.place([index]).file))),
    ),
  );
  return makeCatalog(hooks, folder);
}

async function readSource(file: string): Promise<YamlSource | { readonly broken: readonly Problem[] }> {
  const text = await readPlain(file).catch((error: Error) => {
    throw new InputError([{ place: { file }, message: `the catalogue cannot be read: ${error.message}` }]);
  });
  return readYaml(text, file);
}

/** A pipe is not opened: nobody may ever write to it. */
async function readPlain(file: string): Promise<string> {
  if (!(await stat(file)).isFile()) {
    throw new Error('it is no regular file');
  }
  return readFile(file, 'utf8');
}

function shapeProblems(source: YamlSource): readonly Problem[] {
  // A file with nothing but comments adds nothing.
  const result = siteCatalogSchema.safeParse(source.value ?? []);
  return [
    ...source.problems,
    ...(result.success ? [] : schemaProblems(siteCatalogSchema, result.error.issues, source)),
  ];
}

async function hookOf(data: SiteHookData, folder: string): Promise<Hook> {
  const source = data.source === undefined ? undefined : resolve(folder, data.source);
  const { vm = {}, device = {}, network = {} } = data.properties ?? {};
  const hasProperties = [vm, device, network].some(rules => Object.keys(rules).length > 0);
  return {
    name: data.name,
    package: data.package ?? data.name,
    status: 'site',
    ...(source === undefined ? {} : { source }),
    brief: data.brief ?? shorten(data.summary),
    summary: data.summary,
    ...(data.since === undefined ? {} : { since: releaseOf(data.since) }),
    files: source === undefined ? (data.files ?? []).map(scriptOf) : await scriptsIn(source),
    otherFiles: (data.other_files ?? []).map(one =>
      typeof one === 'string' ? { path: one, mode: '0644' } : { path: one.path, mode: one.mode ?? '0644' },
    ),
    properties: { vm, device, network },
    ...(hasProperties ? { expressionsFrom: 'site' as const } : {}),
    predefined: Object.keys(vm).filter(name => isPredefined(name)),
    requires: listOf(data.requires),
    conflicts: listOf(data.conflicts),
    hostSetup: listOf(data.host_setup),
    ...(data.broken === undefined ? {} : { broken: data.broken }),
    ...(data.broken_since === undefined ? {} : { brokenSince: data.broken_since }),
    ...(data.dangerous === undefined ? {} : { danger: data.dangerous, refusedWhere: 'everywhere' as const }),
    ...(data.without_property === undefined ? {} : { withoutProperty: data.without_property }),
    notes: listOf(data.notes),
  };
}

function scriptOf(one: NonNullable<SiteHookData['files']>[number]): HookScript {
  const { path, mode, link } =
    typeof one === 'string' ? { path: one, mode: undefined, link: undefined } : one;
  const [event = '', file = ''] = path.split('/');
  return link === undefined ? { event, file, mode: mode ?? '0755' } : { event, file, link };
}

/** What stands in the event folders of a source, as far as it can be read; what is wrong with it is told where it is used. */
async function scriptsIn(source: string): Promise<HookScript[]> {
  const folders = (await namesIn(source)).filter(name => /^(before|after)_/.test(name));
  const found = await Promise.all(
    folders.map(async event => {
      const entries = await readdir(join(source, event), { withFileTypes: true }).catch(() => []);
      const files = entries.filter(entry => entry.isFile());
      return files.map(({ name: file }) => ({ event, file, mode: '0755' }));
    }),
  );
  return found.flat().sort((a, b) => (`${a.event}/${a.file}` < `${b.event}/${b.file}` ? -1 : 1));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

// As long as the briefs of hookfleet's own: a column of a table.
const LONGEST_BRIEF = 35;

function shorten(summary: string): string {
  const text = summary.trim().replace(/\.$/, '');
  return text.length <= LONGEST_BRIEF ? text : `${text.slice(0, LONGEST_BRIEF - 1).trimEnd()}…`;
}
