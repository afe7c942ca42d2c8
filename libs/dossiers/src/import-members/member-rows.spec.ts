import { checkMemberFile, MEMBER_COLUMNS, MemberFileError, readMemberRows } from './member-rows';

const HEADER = MEMBER_COLUMNS.join(',');
const ROW = 'member,111222333,1970-05-05,V. Zonnebloem,,,,,,,';
const good = `${HEADER}\n${ROW}\ninsurance,111222333,,,,3343,,2015-01-01,,,\n`;

/** The content in chunks of a few bytes, so that characters and rows are cut everywhere. */
async function* chunks(content: string | Buffer, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let from = 0; from < bytes.length; from += size) {
    await Promise.resolve();
    yield bytes.subarray(from, from + size);
  }
}

async function refusal(content: string | Buffer): Promise<MemberFileError['problem']> {
  try {
    await checkMemberFile(chunks(content, 1000));
  } catch (error) {
    if (error instanceof MemberFileError) return error.problem;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('a file that is no member file is refused whole, with the line', () => {
  it.each<[string, string | Buffer, number, RegExp]>([
    ['empty', '', 1, /empty/],
    ['without a column', good.replace(',previous_insurer', ''), 1, /missing: previous_insurer/],
    ['with an unknown column', good.replace(HEADER, `${HEADER},note`), 1, /1 unknown/],
    ['with semicolons', good.replaceAll(',', ';'), 1, /the columns are kind,bsn/],
    ['with a quote that stays open', `${good}member,123456782,1970-05-05,"V,,,,,,,\n`, 4, /CSV/],
    ['in ISO 8859-1', Buffer.from(`${good}member,123456782,1970-05-05,Müller,,,,,,,\n`, 'latin1'), 1, /not UTF-8/],
    ['in UTF-16 with a byte order mark', Buffer.from(`\ufeff${good}`, 'utf16le'), 1, /UTF-16/],
    ['in UTF-16 without one', Buffer.from(good, 'utf16le'), 1, /UTF-16/],
    ['cut off within a character', Buffer.from(`${good}member,123456782,1970-05-05,Mü`).subarray(0, -1), 4, /not UTF-8/],
    ['with a row of a megabyte', `${good}member,123456782,1970-05-05,"${'x'.repeat(1_000_000)}",,,,,,,\n`, 4, /too long/],
  ])('%s', async (_what, content, line, problem) => {
    const refused = await refusal(content);
    expect(refused).toMatchObject({ line, problem: expect.stringMatching(problem) as unknown });
    expect(JSON.stringify(refused)).not.toMatch(/123456782|111222333|Zonnebloem|xxx/);
  });
});

describe('a member file', () => {
  it('is read in chunks of any size, with a byte order mark and characters of several bytes', async () => {
    const persons = [];
    for await (const person of readMemberRows(chunks(`\ufeff${good.replace('Zonnebloem', 'Zönneblœm')}`, 1), new Set()))
      persons.push(person);
    expect(persons).toMatchObject([
      {
        bsn: '111222333',
        problems: [],
        rows: [
          { line: 2, kind: 'member', values: { name: 'V. Zönneblœm' } },
          { line: 3, kind: 'insurance' },
        ],
      },
    ]);
  });

  it('names persons whose rows stand apart', async () => {
    const other = ROW.replace('111222333', '123456782');
    expect(await checkMemberFile(chunks(`${good}${other}\n${ROW}\n`))).toEqual(new Set(['111222333']));
    expect(await checkMemberFile(chunks(`${good}${other}\n`))).toEqual(new Set());
  });
});
