import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file of a simulated host: a regular one, or a link. */
export type DemoFile =
  | { readonly path: string; readonly mode: number; readonly text: string; readonly link?: undefined }
  | { readonly path: string; readonly link: string };

/** Writes files below a folder, with the folders that they need. */
export async function writeFiles(folder: string, files: readonly DemoFile[]): Promise<void> {
  for (const parent of new Set(files.map(({ path }) => dirname(path)))) {
    await mkdir(join(folder, parent), { recursive: true });
  }
  await Promise.all(files.map(file => writeDemoFile(join(folder, file.path), file)));
}

async function writeDemoFile(path: string, file: DemoFile): Promise<void> {
  if (file.link !== undefined) {
    return symlink(file.link, path);
  }
  await writeFile(path, file.text);
  // Not with writeFile: the umask of whoever runs this would take bits away.
  await chmod(path, file.mode);
}
