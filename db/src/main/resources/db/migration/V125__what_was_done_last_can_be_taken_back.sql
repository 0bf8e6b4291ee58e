-- What each person did last at the desk, so that it can be taken back for a while: a judgement, or
-- a skip where there is none. The draft is what a skip put away. A slot and a judgement may go, and
-- then there is nothing to take back.
create table last_act (
  person_id    bigint      primary key references person,
  project_id   bigint      not null references project,
  task_id      bigint      not null references task,
  slot_id      bigint      not null,
  judgement_id bigint,
  draft        json,
  at           timestamptz not null
) with (fillfactor = 50);

-- The request that a withdrawn judgement came with brings nothing back, however late it is sent
-- again. A trigger looks with fresh eyes, whatever the statement it belongs to waited for.
create function key_of_a_withdrawn_judgement_is_used() returns trigger
  language plpgsql as $$
begin
  if exists (
      select from withdrawn_judgement where idempotency_key = new.idempotency_key) then
    return null;
  end if;
  return new;
end $$;
create trigger judgement_key_is_new before insert on judgement
  for each row when (new.import_id is null)
  execute function key_of_a_withdrawn_judgement_is_used();
