import { EventStoreSetupError } from '../errors';
import { connect } from './connection';
import { openEventStoreDb } from './store';

describe('connection to EventStoreDB', () => {
  it('is one client per connection string, until the last holder gives it back', async () => {
    const [first, second, other] = ['one', 'one', 'other'].map((host) => connect(`esdb://${host}.invalid:2113?tls=false`));
    expect(second?.client).toBe(first?.client);
    expect(other?.client).not.toBe(first?.client);
    await first?.release();
    await first?.release();
    const third = connect('esdb://one.invalid:2113?tls=false');
    expect(third.client).toBe(second?.client);
    for (const held of [second, third, other]) await held?.release();
    const again = connect('esdb://one.invalid:2113?tls=false');
    expect(again.client).not.toBe(first?.client);
    await again.release();
  });

  it.each([
    ['esdb://user:p%40ss@host.invalid:2113', { username: 'user', password: 'p@ss' }],
    ['esdb+discover://user:word@host.invalid:2113?tls=true', { username: 'user', password: 'word' }],
    ['esdb://host.invalid:2113?tls=false', { username: 'none', password: 'none' }],
    ['esdb://host.invalid:2113', null],
  ])('passes the credentials of %s with every append, or ones that are never sent', async (connectionString, credentials) => {
    const connection = connect(connectionString);
    expect(connection.credentials).toEqual(credentials);
    await connection.release();
  });

  it.each([
    ['nonsense user:hidden'],
    ['esdb://user:hidden@'],
    ['esdb://user:hidden%zz@host:2113'],
    ['kurrentdb://user:hidden@host:2113'],
    ['esdb://user:hidden@host:2113?tlsCAFile=/not/there'],
  ])('refuses the connection string %s without repeating its password', (connectionString) => {
    const opening = (): unknown => openEventStoreDb({ connectionString });
    expect(opening).toThrow(EventStoreSetupError);
    expect(opening).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hidden') as string }) as Error);
  });

  it('refuses to leave wrong revisions to the client', () => {
    expect(() => openEventStoreDb({ connectionString: 'esdb://h:2113?tls=false&throwOnAppendFailure=false' })).toThrow(
      /throwOnAppendFailure/,
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a deadline of %s ms', (appendTimeoutMs) => {
    expect(() => openEventStoreDb({ connectionString: 'esdb://h:2113?tls=false', appendTimeoutMs })).toThrow(/appendTimeoutMs/);
  });
});
