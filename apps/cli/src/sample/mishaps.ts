/** Lets something go wrong with an orderly course: late lines, credits, lines that are refused or invalid. */
import { addDays, AFTERMATH, CLAIM_PERIODS, laterPeriod } from './calendar';
import { invalid, refused, type LineWriter } from './line-writer';
import type { SampleLine } from './person';
import type { Mishap } from './proportions';
import type { Random } from './random';

export interface MishapOutcome {
  readonly lines: readonly SampleLine[];
  /** Lines of somebody else in the same file. */
  readonly stranger?: { readonly kind: 'unknown' | 'bad-bsn'; readonly line: SampleLine };
  readonly diedOn?: string;
  readonly insuredThrough?: string;
}

/**
 * Changes the lines of a course of at least four sessions. What is added stands on days without a session of the course, so that
 * one mishap has one effect.
 */
export function letHappen(mishap: Mishap, lines: readonly SampleLine[], random: Random, writer: LineWriter): MishapOutcome {
  const at = random.whole(1, 2);
  const target = lines[at] as SampleLine;
  const { line } = target;
  const treatment = { performance: line.performance, diagnosis: line.diagnosis as string, csi: line.csi as string };
  /** One more line the day after the target. */
  const extra = (expected: SampleLine['expected'], change: Partial<SampleLine['line']>): MishapOutcome => {
    const added = writer.session(addDays(line.date, 1), treatment, expected);
    return { lines: [...lines, { ...added, period: target.period, line: { ...added.line, ...change } }] };
  };
  const again = (expected: SampleLine['expected'], reference: string): MishapOutcome => ({
    lines: [...lines, { period: laterPeriod(target.period, 1), line: { ...line, reference }, expected }],
  });
  switch (mishap) {
    case 'late': {
      const [from, count] = [random.whole(1, lines.length - 3), random.whole(1, 2)];
      // two quarters: the next session may lie in the next one, and that must come in first
      const late = (each: SampleLine): SampleLine => ({ ...each, period: laterPeriod(each.period, 2), late: true });
      return { lines: lines.map((each, i) => (i >= from && i < from + count ? late(each) : each)) };
    }
    case 'credit':
      return { lines: [...lines, writer.credit(target, random.whole(1, 2))] };
    case 'credit-twice':
      return { lines: [...lines, writer.credit(target, 1), writer.credit(target, 2, refused('8084'))] };
    case 'credit-unknown': {
      const credit = writer.credit(target, 1, refused('8017'));
      return { lines: [...lines, { ...credit, line: { ...credit.line, relatedReference: writer.reference() } }] };
    }
    case 'credit-amount': {
      const credit = writer.credit(target, 1, refused('8017'));
      return { lines: [...lines, { ...credit, line: { ...credit.line, tariffCents: line.tariffCents - 100 } }] };
    }
    case 'same-reference':
      return again(refused('8067'), line.reference);
    case 'same-session':
      return again(refused('0587'), writer.reference());
    case 'unknown-person':
      return { lines, stranger: { kind: 'unknown', line: writer.session(line.date, treatment, refused('0320')) } };
    case 'bad-bsn':
      return { lines, stranger: { kind: 'bad-bsn', line: writer.session(line.date, treatment, refused('0435')) } };
    case 'unknown-performance':
      return extra(invalid('0582'), { performance: '9999' });
    case 'quantity':
      return extra(invalid('0638'), { quantity: 5 });
    case 'amounts':
      return extra(invalid('8059'), { declaredCents: line.tariffCents + 250 });
    case 'combination':
      return extra(invalid('8058'), { csi: '009' });
    case 'no-indication': {
      const { csi: _omitted, ...withoutIndication } = treatment;
      return { lines: [...lines, writer.session(addDays(line.date, 1), withoutIndication, invalid('3102'))] };
    }
    case 'no-such-date':
      return extra(refused('8007'), { date: `${line.date.slice(0, 4)}-02-30` });
    case 'after-invoice':
      return extra(refused('8176'), { date: addDays((CLAIM_PERIODS[target.period] as { invoiceDate: string }).invoiceDate, 3) });
    case 'far-future':
      return extra(refused('8061', '8176'), { date: '2099-03-02' });
    case 'other-standard': {
      const outcome = extra(refused('8061'), { date: addDays('2025-01-06', random.whole(0, 20)) });
      return { lines: outcome.lines.map((each, i) => (i === lines.length ? { ...each, period: AFTERMATH } : each)) };
    }
    case 'died':
    case 'left': {
      // the practice noticed after one more line
      const lastIn = Math.max(3, Math.floor(lines.length * 0.7));
      const end = addDays((lines[lastIn - 1] as SampleLine).line.date, 1);
      const after = { ...(lines[lastIn] as SampleLine), expected: invalid(mishap === 'died' ? '0328' : '0320') };
      return { lines: [...lines.slice(0, lastIn), after], ...(mishap === 'died' ? { diedOn: end } : { insuredThrough: end }) };
    }
  }
}
