// What a program that we start gets of our own environment: where programs lie and which language to speak, nothing else.
// Our environment holds the operator's tokens, and not only those that are settings of ours.

/** For `env` of a process that is started with `extendEnv: false`. Messages are in English, so that they can be read here. */
export function surroundings(): Readonly<Record<string, string>> {
  const path = process.env['PATH'];
  return { ...(path ? { PATH: path } : {}), LC_ALL: 'C' };
}
