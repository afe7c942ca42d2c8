import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of the project: the nearest one above this file whose package.json is named traject. The same from the
 * sources and from the compiled code, whatever the working directory.
 * @throws Error when the code was taken out of its project
 */
export function projectRoot(from: string = __dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'traject') return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json named "traject" in ${from} or above it`);
  }
}
