import { installSchema, type Pool } from '#libs/platform';

/**
 * Makes the table of proposals if it is not there. Safe in parallel and again. The database itself holds that nobody approves what they proposed, that
 * what was proposed never changes, and that what was decided stays decided.
 */
export const installProposals = (pool: Pool): Promise<void> =>
  installSchema(
    pool,
    'proposals',
    `
    create schema if not exists corrections;
    create table if not exists corrections.proposal (
      proposal_id uuid primary key,
      person_id uuid not null,
      kind text not null,
      input jsonb not null,
      reason text not null,
      note text,
      effects text not null check (effects ~ '^[0-9a-f]{64}$'),
      needs_approval jsonb not null,
      proposed_by text not null check (proposed_by <> ''),
      proposed_at timestamptz not null default clock_timestamp(),
      status text not null default 'open' check (status in ('open', 'approved', 'booked', 'stale', 'rejected')),
      decided_by text,
      decided_at timestamptz,
      remark text,
      constraint another_person_approves
        check (status not in ('approved', 'booked') or (decided_by is not null and lower(btrim(decided_by)) <> lower(btrim(proposed_by))))
    );
    create index if not exists proposal_by_status on corrections.proposal (status, proposed_at, proposal_id);
    create index if not exists proposal_by_person on corrections.proposal (person_id, proposed_at);
    create or replace function corrections.keep_proposal() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        raise exception 'proposals are never deleted';
      end if;
      if (new.proposal_id, new.person_id, new.kind, new.input, new.reason, new.note, new.effects, new.needs_approval, new.proposed_by, new.proposed_at)
         is distinct from
         (old.proposal_id, old.person_id, old.kind, old.input, old.reason, old.note, old.effects, old.needs_approval, old.proposed_by, old.proposed_at) then
        raise exception 'what was proposed never changes';
      end if;
      if not (old.status = 'open' and new.status in ('approved', 'rejected')
           or old.status = 'approved' and new.status in ('booked', 'stale')
           or old.status = new.status) then
        raise exception 'a proposal that is % does not become %', old.status, new.status;
      end if;
      if old.status <> 'open' and new.decided_by is distinct from old.decided_by then
        raise exception 'who decided never changes';
      end if;
      return new;
    end $$;
    create or replace trigger keep_proposal before update or delete on corrections.proposal
    for each row execute function corrections.keep_proposal()`,
  );
