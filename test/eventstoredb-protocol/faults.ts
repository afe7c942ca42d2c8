/** What the double does wrong on demand, none of which a real server does when asked. */
export class Faults {
  /** So many of the next appends are written but never answered. */
  acknowledgementsToDrop = 0;
  /** So many of the next calls that ask for the leader are refused, naming `leader`. */
  refusalsAsNotLeader = 0;
  /** Whether reads are among them. */
  refusesReads = true;
  leader: { readonly host: string; readonly port: number } | null = null;
  /** After so many further appends were written and answered the server dies: the next one is written, not answered, all connections are cut. */
  appendsUntilDeath: number | null = null;
  /** Every append is written so much later. */
  appendDelayMs = 0;
  /** Calls are accepted and never answered. */
  blackHole = false;

  /** Calls of these kinds are refused for want of permission. */
  denied: readonly ('append' | 'read')[] = [];

  none(): void {
    this.denied = [];
    this.acknowledgementsToDrop = 0;
    this.refusalsAsNotLeader = 0;
    this.refusesReads = true;
    this.leader = null;
    this.appendsUntilDeath = null;
    this.appendDelayMs = 0;
    this.blackHole = false;
  }

  /** Whether this append's answer is to be lost. */
  takeDroppedAcknowledgement(): boolean {
    if (this.acknowledgementsToDrop === 0) return false;
    this.acknowledgementsToDrop -= 1;
    return true;
  }

  takeRefusal(): boolean {
    if (this.refusalsAsNotLeader === 0) return false;
    this.refusalsAsNotLeader -= 1;
    return true;
  }

  /** Whether the server dies with this append. */
  takeDeath(): boolean {
    if (this.appendsUntilDeath === null) return false;
    if (this.appendsUntilDeath === 0) {
      this.appendsUntilDeath = null;
      return true;
    }
    this.appendsUntilDeath -= 1;
    return false;
  }
}
