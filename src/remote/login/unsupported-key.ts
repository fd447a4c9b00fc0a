/**
 * Why a key of a type cannot be used, in a few words for a list of identities; undefined for the types that can.
 *
 * @param type as it stands in the key's wire form: `ssh-ed25519`, `sk-ssh-ed25519@openssh.com` …
 */
export function unsupportedType(type: string): string | undefined {
  if (/-cert-v\d+@openssh\.com$/.test(type)) {
    return CERTIFICATE;
  }
  if (type.startsWith('sk-')) {
    return SECURITY_KEY;
  }
  if (type === 'ssh-dss') {
    return 'DSA keys are not supported, and no server of today takes them';
  }
  return SUPPORTED.includes(type) ? undefined : `keys of type ${type} are not supported`;
}

export const CERTIFICATE = 'certificates are not supported';
export const SECURITY_KEY = 'security keys (FIDO) are not supported';

const SUPPORTED: readonly string[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
];
