// Generates big repositories fast, through git fast-import. For the bench and for tests of speed.
import { mkdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { execa } from 'execa';

const ENV = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

/** Makes `dir` a bare repository whose main has so many files (about `fileBytes` each, 50 to a folder). Returns its head. */
export async function createBigRepository(options: {
  dir: string;
  files: number;
  fileBytes?: number;
}): Promise<string> {
  const { dir, files, fileBytes = 7000 } = options;
  await mkdir(dir, { recursive: true });
  await execa('git', ['init', '-q', '--bare', '-b', 'main', dir], { env: ENV });
  await execa('git', ['-C', dir, 'config', 'http.receivepack', 'true'], { env: ENV });
  const input = Readable.from(writeStream(files, fileBytes));
  await execa('git', ['-C', dir, 'fast-import', '--quiet', '--date-format=now'], { input, env: ENV });
  const { stdout } = await execa('git', ['-C', dir, 'rev-parse', 'main'], { env: ENV });
  return stdout;
}

function* writeStream(files: number, fileBytes: number): Generator<string> {
  yield 'commit refs/heads/main\ncommitter Ann <ann@example.com> now\ndata 5\nBegin\n';
  for (let at = 0; at < files; at++) {
    const content = writeSource(at, fileBytes);
    const folder = Math.floor(at / 50);
    yield `M 100644 inline packages/p${Math.floor(folder / 20)}/src/m${folder % 20}/file-${at}.ts\ndata ${content.length}\n${content}\n`;
  }
  yield '\n';
}

/** Text that differs from file to file and compresses about as source code does. */
function writeSource(seed: number, fileBytes: number): string {
  let state = seed * 2_654_435_761 + 1;
  let text = `// File ${seed}\n`;
  while (text.length < fileBytes) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += `export const value${state.toString(36)} = compute(${state % 97}, 'name-${(state >>> 8).toString(16)}');\n`;
  }
  return text.slice(0, fileBytes);
}
