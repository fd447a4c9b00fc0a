/** Keys of hookfleet.cfg, each an option of the command line without its dashes; `HOOKFLEET_` and the key in capitals is its environment variable. */
export const SETTINGS = {
  inventory: {
    kind: 'path',
    about:
      'inventory file, folder, program, `host1,host2,`, or `engine+https://NAME`; as `inventory[]` several',
  },
  forks: { kind: 'text', about: 'how many hosts at once' },
  user: { kind: 'text', about: 'login user, where the inventory names none' },
  private_key: { kind: 'path', about: 'identity file, where the inventory names none' },
  key_passphrase_file: { kind: 'path', about: 'opens encrypted identity files' },
  connection_password_file: { kind: 'path', about: 'the login password: a file or a program' },
  become: { kind: 'flag', about: "take root's rights with sudo, in every play" },
  become_password_file: { kind: 'path', about: 'the password for sudo: a file or a program' },
  vault_password_file: { kind: 'path', about: 'the password of ansible-vault: a file or a program' },
  engine_url: { kind: 'text', about: "the engine's REST API: `https://engine.example.org`" },
  engine_user: { kind: 'text', about: "login at the engine's API: `admin@internal`" },
  engine_password_file: { kind: 'path', about: "the password at the engine's API: a file or a program" },
  engine_ca: { kind: 'path', about: 'trust the authorities in this PEM file at the engine, and no others' },
  known_hosts: { kind: 'path', about: 'trust the host keys in this file, instead of ~/.ssh/known_hosts' },
  host_key_checking: { kind: 'text', about: '`strict` or `accept-new`' },
  jump: { kind: 'text', about: 'jump hosts: `[user@]host[:port],…`' },
  ssh_config: { kind: 'path', about: 'read this ssh_config alone; `none` for none' },
  ssh_algorithms: { kind: 'text', about: '`modern` or `legacy`' },
  timeout: { kind: 'text', about: 'seconds until a host greets, each try anew' },
  connect_tries: { kind: 'text', about: 'how often to try to reach a host' },
  connect_limit: { kind: 'text', about: 'seconds for all tries of a host and the login together' },
  keepalive: { kind: 'text', about: 'seconds after which a silent host is asked' },
  lock_wait: { kind: 'text', about: 'seconds to wait for another hookfleet' },
  dnf_lock_wait: { kind: 'text', about: "seconds to wait for another one's dnf" },
  script_timeout: { kind: 'text', about: 'seconds that a host may take to look at itself' },
  transaction_timeout: { kind: 'text', about: 'seconds that each dnf transaction may take' },
  order: { kind: 'text', about: '`inventory`, `sorted` or `shuffle`' },
  catalog: {
    kind: 'path',
    about:
      'the folder of your own catalogue of hooks, instead of `catalog` beside the playbook; `none` for none',
  },
  junit: { kind: 'path', about: 'the file of a report in JUnit XML' },
  metrics: { kind: 'path', about: 'the file of metrics for node_exporter' },
  html: { kind: 'path', about: 'the file of a page that shows the whole fleet' },
  record: { kind: 'path', about: 'the folder of run records; `none` for no record' },
  diff: { kind: 'flag', about: 'show the whole text before and after each change' },
  verbose: { kind: 'flag', about: 'show every host by its name' },
  quiet: { kind: 'flag', about: 'show only what needs somebody, and the totals' },
} as const satisfies Readonly<Record<string, Setting>>;

export interface Setting {
  /** A path is relative to the folder of the file, a flag is `true` or `false`. */
  readonly kind: 'text' | 'path' | 'flag';
  readonly about: string;
}

export type SettingKey = keyof typeof SETTINGS;

export function isSetting(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/** The name of a setting as commander keeps the option's value: `private_key` is `privateKey`. */
export function attributeOf(key: SettingKey): string {
  return key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function environmentVariable(key: SettingKey): string {
  return `HOOKFLEET_${key.toUpperCase()}`;
}
