import { lineKey, type ClaimFileId, type SessionFact } from '../index';
import { data } from '../testing/fixtures';
import { SessionTableWriter, sessionsOf, type SessionTable } from './session-table';

const declared = data('SessionDeclared.v1') as unknown as Omit<SessionFact, 'line'>;
const { therapist: _therapist, referralDate: _referralDate, ...bare } = declared;
const session = (reference: string, facts: Omit<SessionFact, 'line'> = declared): SessionFact => ({
  ...facts,
  reference,
  line: lineKey(facts.practice, reference),
});
const file = 'f11e0000-0000-5000-8000-000000000001' as ClaimFileId;

const tableOf = (sessions: readonly SessionFact[]): SessionTable => {
  const writer = new SessionTableWriter();
  for (const each of sessions) writer.add(each);
  return JSON.parse(JSON.stringify(writer.table)) as SessionTable;
};

describe('sessions as the table of a snapshot', () => {
  it('give back each session as it was declared: what was not stated is not there', () => {
    const sessions = [
      session('A'),
      session('B', bare),
      session('C', { ...bare, startTime: '09:30', side: 'left', authorisation: 'A 1' }),
      session('D', { ...bare, referralDate: '2024-01-02', source: { command: 'c-1' } }),
      session('E', { ...bare, therapist: '04054321', quantity: 3, ageYears: 17, deductibleAge: false }),
    ];
    expect(sessionsOf(tableOf(sessions))).toStrictEqual(sessions);
  });

  it('state once what lines share that differ in reference, date, time, cents and record only', () => {
    const lines = [
      session('A'),
      session('B', { ...declared, date: '2024-03-11', startTime: '10:00', source: { file, record: 13 } }),
      session('C', { ...declared, tariffCents: 1, calculatedCents: 2, declaredCents: 3 }),
    ];
    expect(tableOf(lines).forms).toHaveLength(1);
    expect(sessionsOf(tableOf(lines))).toStrictEqual(lines);
    expect(tableOf([...lines, session('D', { ...declared, quantity: 2 })]).forms).toHaveLength(2);
  });
});
