/** The scene of the campaigns: persons with a line under a code that closes, and another one under the code that follows it. */
import { writeFile } from 'node:fs/promises';
import { generateBsn } from '#libs/claims';
import type { Story } from '../stories/story';

/** Registers them, ingests their lines and brings the read models up to date; leaves `mapping.csv`. Answers how many they are. */
export async function closedCode(story: Story, persons: number, random: () => number): Promise<number> {
  const bsns = [...new Set(Array.from({ length: persons }, () => generateBsn(random)))];
  await story.members(
    Object.fromEntries(bsns.map((bsn) => [bsn, ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,']])),
  );
  const lines = (n: number) => [
    { date: '2024-05-06', reference: `A-${n}`, diagnosis: '9376', csi: '008' },
    { date: '2024-07-08', reference: `B-${n}`, diagnosis: '3176', csi: '008' },
  ];
  await story.claimFile(
    'closed-code.pm304',
    bsns.map((bsn, n) => ({ bsn, lines: lines(n) })),
  );
  await story.ingest('closed-code.pm304');
  await story.json(['rebuild']);
  await writeFile(story.path('mapping.csv'), MAPPING);
  return bsns.length;
}

export const MAPPING = 'old_code,new_code,effective_date\n9376,3176,2024-07-01\n';
