import { isConnectionFailure, withRetry, type RetryPolicy } from './retry';

const policy: RetryPolicy = { attempts: 3, firstDelayMs: 1, maxDelayMs: 2, mayPass: isConnectionFailure };
const lost = (): Error => Object.assign(new Error('lost'), { code: 'ECONNRESET' });

describe('retry', () => {
  test('what passes by itself is tried again', async () => {
    expect(await withRetry(policy, (attempt) => (attempt < 3 ? Promise.reject(lost()) : Promise.resolve(attempt)))).toBe(3);
  });

  test('is bounded, and gives the last failure', async () => {
    const work = jest.fn(() => Promise.reject(lost()));
    await expect(withRetry(policy, work)).rejects.toThrow('lost');
    expect(work).toHaveBeenCalledTimes(3);
  });

  test('any other failure is not tried again', async () => {
    const work = jest.fn(() => Promise.reject(Object.assign(new Error('unique'), { code: '23505' })));
    await expect(withRetry(policy, work)).rejects.toThrow('unique');
    expect(work).toHaveBeenCalledTimes(1);
  });

  test('an abort ends the waiting', async () => {
    const slow = { ...policy, firstDelayMs: 60_000, maxDelayMs: 60_000 };
    await expect(withRetry(slow, () => Promise.reject(lost()), { signal: AbortSignal.timeout(5) })).rejects.toThrow(/abort/i);
  });

  test.each(['57P01', '57P03', '08006', 'ECONNREFUSED', '53300'])('%s is a connection failure', (code) => {
    expect(isConnectionFailure(Object.assign(new Error(), { code }))).toBe(true);
  });

  test.each(['23505', '40001', '57014', '42P01'])('%s is none', (code) => {
    expect(isConnectionFailure(Object.assign(new Error(), { code }))).toBe(false);
  });
});
