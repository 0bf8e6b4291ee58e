-- What a lead decided where judges disagree; the last word counts. Without a strength no preference
-- can be had of the comparison. of_judgements are those that the lead had before them.
create table adjudication (
  id            bigint      generated always as identity primary key,
  task_id       bigint      not null references task,
  strength      smallint    check (strength between -4 and 4 and strength <> 0),
  reason        text        not null check (length(reason) > 0),
  named         boolean     not null,
  of_judgements bigint[]    not null,
  decided_by    bigint      not null references person,
  decided_at    timestamptz not null
);
create index adjudication_task on adjudication (task_id, id);

-- A judgement that counts no more, as it was: its annotator undid it, or a lead withdrew it.
create table withdrawn_judgement (
  id              bigint      primary key,
  task_id         bigint      not null references task,
  person_id       bigint      not null references person,
  ordinal         int         not null,
  idempotency_key uuid        not null unique,
  why             text        not null check (why in ('UNDO', 'LEAD')),
  note            text        not null default '',
  withdrawn_by    bigint      not null references person,
  withdrawn_at    timestamptz not null,
  body            jsonb       not null,
  -- What it told of which two responses, as told_preference had it.
  told            jsonb       not null
);
create index withdrawn_judgement_of on withdrawn_judgement (task_id, person_id);

-- What datasets were made of stays known, whatever became of it afterwards.
create view every_judgement as
  select j.id, j.task_id, j.person_id, s.ordinal, j.strength, j.grades, j.reason, j.scripted,
    j.import_id
  from judgement j
  join slot s on s.id = j.slot_id
  union all
  select w.id, w.task_id, w.person_id, w.ordinal, (w.body ->> 'strength')::smallint,
    w.body -> 'grades', w.body ->> 'reason', (w.body ->> 'scripted')::boolean,
    (w.body ->> 'import_id')::bigint
  from withdrawn_judgement w;
create view every_preference as
  select judgement_id, response_a, response_b, strength, part
  from told_preference
  union all
  select w.id, (each ->> 'response_a')::bigint, (each ->> 'response_b')::bigint,
    (each ->> 'strength')::int, each ->> 'part'
  from withdrawn_judgement w
  cross join jsonb_array_elements(w.told) as each;

alter table dataset_row drop constraint dataset_row_judgement_id_fkey;
create function judgement_of_a_dataset_stays() returns trigger
  language plpgsql as $$
begin
  if exists (select from dataset_row where judgement_id = old.id)
      and not exists (select from withdrawn_judgement where id = old.id) then
    raise exception 'judgement % is in a dataset: it may be withdrawn, not deleted', old.id;
  end if;
  return old;
end $$;
create trigger judgement_of_a_dataset before delete on judgement
  for each row execute function judgement_of_a_dataset_stays();

alter table dataset_row add column adjudication_id bigint references adjudication;
alter table dataset_row add constraint dataset_row_source_check
  check (judgement_id is null or adjudication_id is null);
