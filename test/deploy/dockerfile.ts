/** What the tests ask of a Dockerfile: its stages, with what each inherits. */
export interface Stage {
  readonly name: string;
  readonly from: string;
  /** Instructions in order: name in capitals, and the rest of the line with continuations joined. */
  readonly instructions: readonly { readonly name: string; readonly rest: string }[];
}

export function readDockerfile(text: string): ReadonlyMap<string, Stage> {
  const lines = text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const stages = new Map<string, { name: string; from: string; instructions: { name: string; rest: string }[] }>();
  let current: { instructions: { name: string; rest: string }[] } | null = null;
  for (const line of lines) {
    const from = /^FROM (\S+) AS (\S+)$/.exec(line);
    if (from !== null) {
      const stage = { name: from[2] ?? '', from: from[1] ?? '', instructions: [] };
      stages.set(stage.name, stage);
      current = stage;
      continue;
    }
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (current === null || name === '') throw new Error(`not an instruction of a stage: ${line}`);
    current.instructions.push({ name, rest });
  }
  return stages;
}

/** The last instruction of this name in the stage or, where it has none, in what it is made from. */
export function inEffect(stages: ReadonlyMap<string, Stage>, target: string, name: string): string | null {
  const stage = stages.get(target);
  if (stage === undefined) return null;
  const own = stage.instructions.filter((each) => each.name === name).at(-1);
  return own?.rest ?? inEffect(stages, stage.from, name);
}
