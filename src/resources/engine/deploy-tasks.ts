import type { VersionRange } from '../package/version-range.ts';

/** A package that a host shall get while the engine installs it. */
export interface DeployPackage {
  readonly name: string;
  readonly version?: VersionRange;
  readonly state: 'present' | 'latest';
  readonly enablerepo: readonly string[];
  readonly disablerepo: readonly string[];
}

/** A file that a host shall get before its packages: a `.repo` file, or the key of a repository. */
export interface DeployFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** A key that a host fetches itself, and trusts only with one of these fingerprints. */
export interface DeployKey {
  readonly url: string;
  readonly fingerprints: readonly string[];
}

/** What one playbook puts into the tasks of oVirt's host deployment. */
export interface DeployTasks {
  /** By which its part of the file is known: the file name of the playbook. */
  readonly playbook: string;
  readonly files: readonly DeployFile[];
  readonly keys: readonly DeployKey[];
  readonly packages: readonly DeployPackage[];
}

/**
 * Ansible tasks for what a playbook wants of every hypervisor, between two lines by which they are found again. oVirt
 * includes them at the end of each host's installation (ovirt-engine: AnsibleConstants.java). Text of the user's is
 * `!unsafe`: Ansible evaluates no template in it.
 *
 * @param indent blanks before each line: the items of a YAML list stand in one column.
 */
export function deployTasksText(wanted: DeployTasks, indent = ''): string {
  const { begin, end } = marks(wanted.playbook);
  const tasks = [
    ...wanted.files.map(({ path, text }) => copyTask(path, text)),
    ...wanted.keys.map(keyTask),
    ...packageGroups(wanted.packages).map(dnfTask),
  ];
  return [begin, ...tasks.flat(), end].map(line => `${indent}${line}\n`).join('');
}

/** The lines around a playbook's part. */
export function marks(playbook: string): { readonly begin: string; readonly end: string } {
  const name = playbook.replaceAll(/[\r\n]/g, ' ').trimEnd();
  return {
    begin: `# hookfleet begin ${name} (written anew by hookfleet; tasks outside of these lines are left alone)`,
    end: `# hookfleet end ${name}`,
  };
}

function copyTask(path: string, text: string): string[] {
  return [
    `- name: !unsafe ${yaml(`hookfleet: ${path}`)}`,
    '  ansible.builtin.copy:',
    `    dest: !unsafe ${yaml(path)}`,
    `    content: !unsafe ${yaml(text)}`,
    '    owner: root',
    '    group: root',
    '    mode: "0644"',
  ];
}

function keyTask({ url, fingerprints }: DeployKey): string[] {
  return [
    `- name: !unsafe ${yaml(`hookfleet: the key ${url}`)}`,
    '  ansible.builtin.rpm_key:',
    `    key: !unsafe ${yaml(url)}`,
    `    fingerprint: ${yaml(fingerprints[0] ?? '')}`,
  ];
}

function dnfTask(group: readonly DeployPackage[]): string[] {
  const [first] = group;
  const repositories = (key: string, ids: readonly string[] = []) =>
    ids.length === 0 ? [] : [`    ${key}: !unsafe ${yaml(ids.join(','))}`];
  return [
    '- name: "hookfleet: hook packages"',
    '  ansible.builtin.dnf:',
    '    name:',
    ...group.map(one => `      - !unsafe ${yaml(specification(one))}`),
    `    state: ${first?.state ?? 'present'}`,
    ...repositories('enablerepo', first?.enablerepo),
    ...repositories('disablerepo', first?.disablerepo),
  ];
}

/** Packages that one call of dnf can install together. */
function packageGroups(packages: readonly DeployPackage[]): DeployPackage[][] {
  const groups = new Map<string, DeployPackage[]>();
  for (const one of packages) {
    const key = JSON.stringify([one.state, one.enablerepo, one.disablerepo]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

/**
 * As Ansible's dnf module takes it, which is one bound: `name < 4.60`. Of several the upper one counts, since dnf takes
 * the newest version below it.
 */
function specification({ name, version }: DeployPackage): string {
  const bounds = version?.bounds ?? [];
  const bound = bounds.find(({ operator }) => /[<=]/.test(operator) && operator !== '>=') ?? bounds[0];
  if (bound === undefined) {
    return name;
  }
  return bound.operator === '=' ? `${name}-${bound.evr}` : `${name} ${bound.operator} ${bound.evr}`;
}

/** A JSON string is a YAML string too. */
function yaml(text: string): string {
  return JSON.stringify(text);
}
