import { inflateSync } from 'node:zlib';
import { readableStatement } from './readable';
import type { HistoryStatement } from './statement';

const statement: HistoryStatement = {
  iss: '7095',
  jti: '0f0c8a52-3c4d-4e57-9a39-6b2f7a1d0c11',
  iat: 1736935200,
  exp: 1752487200,
  subject: { bsn: '111222333', birthDate: '1970-05-05' },
  history: {
    ...{ diagnosis: '3176', codes: ['3176', '9376'], item: '1.a.3', side: 'left', startedOn: '2022-03-06', count: 34 },
    ...{
      throughDate: '2023-12-31',
      perCalendarYear: { '2022': 20, '2023': 14 },
      scope: 'everything',
      lastSessionOn: '2023-12-18',
    },
    ...{ practices: ['04012345', '04099999'], severalTherapists: true, diagnosedOn: '2022-02-21', insuredThrough: '2023-12-31' },
    rests: [{ count: 14, throughDate: '2022-06-30', scope: 'elsewhere', insurer: '3313', status: 'verified' }],
  },
};
const readable = { statement, digest: 'd'.repeat(64), keyId: 'the-key' };

/** The text of a PDF of ours: its page contents inflated, and the strings that they show, in order. */
function textOf(pdf: Buffer): string {
  const latin = pdf.toString('latin1');
  const shown: string[] = [];
  for (const { index, 0: head } of latin.matchAll(/\/Length (\d+)[^>]*>>\s*stream\n/g)) {
    const length = Number(/\/Length (\d+)/.exec(head)?.[1]);
    const bytes = pdf.subarray(index + head.length, index + head.length + length);
    const content = inflateSync(bytes).toString('latin1');
    for (const [, array = ''] of content.matchAll(/\[([^\]]*)\] TJ/g))
      shown.push(
        [...array.matchAll(/<([0-9a-f]+)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join(''),
      );
  }
  return shown.join('\n');
}

describe('the readable statement', () => {
  it('says in Dutch what the next insurer needs: who, which treatment, since when, how many, by whom, who states it', async () => {
    const text = textOf(await readableStatement({ ...readable, name: 'V. Voorbeeld-Coöperatie' }));
    for (const expected of [
      'V. Voorbeeld-Coöperatie',
      '05-05-1970',
      '111222333',
      '7095',
      '3176',
      '3176, 9376',
      '1.a.3',
      'links',
      '21-02-2022',
      'Aantal tot en met 31-12-2023',
      '34',
      '2022: 20, 2023: 14',
      '06-03-2022',
      '18-12-2023',
      '04012345, 04099999',
      'ja',
      '14 tot en met 30-06-2022, verzekeraar 3313, geverifieerd',
      'Datum verwijzing',
      'niet opgegeven',
      statement.jti,
      'the-key',
    ])
      expect(text.split('\n')).toContain(expected);
    // too long for a line
    expect(text.replaceAll('\n', '')).toContain('d'.repeat(64));
  });

  it('writes letters that its fonts do not have without their accent', async () => {
    expect(textOf(await readableStatement({ ...readable, name: 'Žofia Đ' }))).toContain('Zofia ?');
    expect(textOf(await readableStatement({ ...readable, name: null }))).toContain('niet bekend');
  });

  it('goes on over pages where many practices and histories are told', async () => {
    const rests = Array.from({ length: 80 }, (_, i) => ({
      ...{ count: i, throughDate: '2022-06-30', scope: 'elsewhere' as const, status: 'asserted' as const },
    }));
    const pdf = await readableStatement({
      ...readable,
      name: null,
      statement: { ...statement, history: { ...statement.history, rests } },
    });
    expect(pdf.toString('latin1')).toMatch(/\/Count [2-9]/);
    expect(textOf(pdf)).toContain('79 tot en met 30-06-2022, verzekeraar niet genoemd, opgegeven');
  });
});
