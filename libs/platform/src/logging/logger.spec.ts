import { createLogger } from './logger';

const BSN = '957136171';

function lines(write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(createLogger('test', 'info', { write: (line: string) => void (text += line) }));
  return text;
}

describe('the log', () => {
  test('is JSON with level, name and time', () => {
    const line = JSON.parse(lines((log) => log.info({ lagEvents: 4 }, 'caught up'))) as Record<string, unknown>;
    expect(line).toMatchObject({ level: 'info', name: 'test', msg: 'caught up', lagEvents: 4 });
    expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  test('withholds fields of identity at any depth, in children, lists and maps', () => {
    const text = lines((log) => {
      log.info({ member: { bsn: BSN, birth_date: '1950-02-03', deep: [{ relationNumber: 'R-77' }] } });
      log.child({ identity: { surname: 'Jansen' } }).warn({ found: new Map([['familyName', 'Jansen']]) }, 'looked up');
      log.info({ req: { body: { any: 'Jansen' }, headers: { cookie: 'Jansen' } } });
    });
    for (const secret of [BSN, '1950-02-03', 'R-77', 'Jansen']) expect(text).not.toContain(secret);
  });

  test('withholds a citizen service number wherever it stands in a text, key or argument', () => {
    const text = lines((log) => {
      log.info(`person ${BSN} is unknown`);
      log.info('person %s', BSN);
      log.info({ note: `x${BSN}x`, [BSN]: 1 });
      log.error(new Error(`no ${BSN}`));
    });
    expect(text).not.toContain(BSN);
    expect(text.match(/\[withheld\]/g)?.length).toBeGreaterThanOrEqual(5);
  });

  test('keeps other numbers of nine digits', () => {
    expect(lines((log) => log.info('position 123456789'))).toContain('123456789');
  });

  test('tells of a database error only type, code, message and stack, as its other fields quote rows', () => {
    const error = Object.assign(new Error('duplicate key', { cause: new Error('inner') }), {
      code: '23505',
      detail: 'Key (name)=(Jansen)',
    });
    const text = lines((log) => log.error({ err: error }, 'failed'));
    expect(text).toContain('23505');
    expect(text).toContain('inner');
    expect(text).not.toContain('Jansen');
  });

  test('is bounded: depth, width, length', () => {
    const loop: Record<string, unknown> = { list: Array.from({ length: 1000 }, () => 'x') };
    loop.self = loop;
    expect(lines((log) => log.info({ loop, long: 'y'.repeat(100_000) })).length).toBeLessThan(20_000);
  });
});
