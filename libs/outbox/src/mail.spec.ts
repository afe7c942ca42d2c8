import { CONFIRMED } from './confirmation';
import { mailOf } from './mail';
import type { Message } from './message-book';
import { DELIVERY, pauseAfter } from './send';

const message: Message = {
  id: 'd6a7c1de-6a0b-5b52-9a70-3b6f1f0c7d11',
  cause: '0f0c8a52-3c4d-4e57-9a39-6b2f7a1d0c11',
  practice: '04012345',
  confirmed: 'import',
  lines: [{ invoice: 'F-1', reference: 'R-1' }],
  part: 0,
  createdAt: new Date('2024-03-04T10:00:00Z'),
  state: 'waiting',
  attempts: 0,
  nextAttemptAt: new Date('2024-03-04T10:00:00Z'),
  fault: null,
  sentAt: null,
};

describe('the message to a practice', () => {
  it.each(CONFIRMED)('of %s says in both languages what was processed', (confirmed) => {
    const { subject, text } = mailOf({ ...message, confirmed }, 'a@b.nl', null);
    const [dutch, english] = subject.replace(/ \(\w+\)$/, '').split(' / ');
    expect(text).toContain(`\n${dutch}.\n`);
    expect(text).toContain(`\n${english}.\n`);
  });

  it('is the same at every attempt', () => {
    const again = { ...message, attempts: 4, fault: 'ECONNREFUSED' };
    expect(mailOf(again, 'a@b.nl', 'c@d.nl')).toEqual(mailOf(message, 'a@b.nl', 'c@d.nl'));
    expect(mailOf(message, 'a@b.nl', null).messageId).toBe('<d6a7c1de-6a0b-5b52-9a70-3b6f1f0c7d11@b.nl>');
  });

  it('lets no reference begin a line of its own', () => {
    const lines = [{ invoice: 'F-1', reference: 'R\r\n.\r\nBcc: x@y.nl' }];
    expect(mailOf({ ...message, lines }, 'a@b.nl', null).text).toContain('  F-1 / R  .  Bcc: x@y.nl\n');
  });

  it('has no line that mail would have to fold', () => {
    for (const line of mailOf(message, 'a@b.nl', null).text.split('\n')) expect(line.length).toBeLessThanOrEqual(76);
  });
});

describe('the pause before the next attempt', () => {
  it('doubles from a minute to six hours, for about three days in all', () => {
    const pauses = Array.from({ length: DELIVERY.attempts - 1 }, (_, i) => pauseAfter(i + 1, DELIVERY));
    expect(pauses.slice(0, 4)).toEqual([60_000, 120_000, 240_000, 480_000]);
    expect(Math.max(...pauses)).toBe(6 * 3_600_000);
    const hours = pauses.reduce((sum, each) => sum + each, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(60);
    expect(hours).toBeLessThan(84);
  });
});
