import { z } from 'zod';
import { expected, flag, text, words } from './schema-values.ts';

// Says what is expected and never what was found: that may be the secret.
const SECRET = { error: 'expected a password in quotes, { env: NAME } or { file: PATH }' };

/** A secret, or where to take it from when the playbook is read. */
const secret = z.union(
  [
    z.string(SECRET).min(1, SECRET),
    z.strictObject({ env: text('the name of an environment variable') }),
    z.strictObject({ file: text('the path of a file') }),
  ],
  SECRET,
);

/** Package repositories; the options are dnf's own, under the names that they have there (dnf.conf(5)). */
export const repositories = z.array(
  z.strictObject(
    {
      id: text('the id of a repository'),
      state: z.enum(['present', 'absent'], expected('present or absent')).optional(),
      name: text('text that names the repository').optional(),
      baseurl: words('a URL').optional(),
      metalink: text('a URL').optional(),
      mirrorlist: text('a URL').optional(),
      enabled: flag.optional(),
      gpgcheck: flag.optional(),
      repo_gpgcheck: flag.optional(),
      gpgkey: text('the path of a key file, or a URL').optional(),
      gpgkey_fingerprint: words('a fingerprint').optional(),
      proxy: text('a URL').optional(),
      proxy_username: text('a user name').optional(),
      proxy_password: secret.optional(),
      username: text('a user name').optional(),
      password: secret.optional(),
      sslverify: flag.optional(),
      sslcacert: text('a path on the hosts').optional(),
      sslclientcert: text('a path on the hosts').optional(),
      sslclientkey: text('a path on the hosts').optional(),
      priority: z.int(expected('a whole number')).min(1).max(99).optional(),
      includepkgs: words('a package name or pattern').optional(),
      excludepkgs: words('a package name or pattern').optional(),
      module_hotfixes: flag.optional(),
      metadata_expire: z
        .union(
          [z.string().regex(/^(?:\d+[dhm]?|never)$/, expected('a time such as 6h')), z.int()],
          expected('a time such as 6h'),
        )
        .optional(),
    },
    expected('a repository: { id, baseurl, gpgkey … }'),
  ),
  expected('a list of repositories'),
);

export type RepositoryData = z.infer<typeof repositories>[number];
export type SecretData = z.infer<typeof secret>;
