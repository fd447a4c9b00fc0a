import { addKeys } from '../../src/remote/host-keys/known-hosts-record.ts';

// Records one key under many names, each in a writing of its own: tsx many-records.ts FILE PREFIX NUMBER
const [file = '', prefix = '', number = '0'] = process.argv.slice(2);
const key = Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519'), Buffer.alloc(36, 1)]);

for (let i = 0; i < Number(number); i += 1) {
  await addKeys(file, [{ name: `${prefix}-${i}`, key, firstOnly: false }]);
}
