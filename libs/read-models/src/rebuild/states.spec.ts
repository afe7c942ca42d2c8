import { allowedActions, progressOf } from './states';

describe('a rebuild', () => {
  it('can be started when none is unfinished, and aborted until the switch', () => {
    expect(allowedActions(null)).toEqual(['start']);
    expect(allowedActions('switch')).toEqual(['resume', 'abort']);
    expect(allowedActions('drop')).toEqual(['resume']);
    expect(allowedActions('aborted')).toEqual(['start']);
  });

  it('tells its rate and the time left from what this process did', () => {
    expect(progressOf('replay', 600, 1000, 200, 2000)).toMatchObject({ eventsPerSecond: 100, secondsLeft: 4 });
    expect(progressOf('replay', 600, null, 200, 2000).secondsLeft).toBeNull();
    expect(progressOf('replay', 0, 1000, 0, 0).secondsLeft).toBeNull();
    expect(progressOf('catch-up', 1200, 1000, 200, 2000).secondsLeft).toBe(0);
  });
});
