-- Leads decide of other kinds of tasks as they do of comparisons. A decision of a comparison has a
-- strength; of another kind an answer, as judges give one; with neither, no answer can be had. Of
-- texts a lead says whose counts: chosen_judgement is the one that the answer was taken from.
alter table adjudication add column answer jsonb;
alter table adjudication add column chosen_judgement bigint;
alter table adjudication add constraint adjudication_one_answer
  check (strength is null or answer is null);
alter table adjudication add constraint adjudication_chosen_answer
  check (chosen_judgement is null
    or (answer is not null and chosen_judgement = any (of_judgements)));

create function decision_stays() returns trigger
  language plpgsql as $$
begin
  raise exception 'decision % is never changed: a later one takes its place', old.id;
end $$;
create trigger decision_stays before update or delete on adjudication
  for each row execute function decision_stays();

-- From where on the answers of a set-up's tasks are disputed, as a lead set it; what it counts is
-- the kind's to say. Without a row the kind's usual rule holds.
create table dispute_rule (
  setup_id bigint      primary key references labelling_setup,
  bound    int         not null check (bound between 1 and 100),
  set_by   bigint      not null references person,
  set_at   timestamptz not null
);

-- Tasks of a set-up, in order of their keys.
create index task_of_setup on task (setup_id, key) where setup_id is not null;

-- What leads decided tells preferences as judgements do; see told_preference.
create view decided_preference as
  select d.id as adjudication_id, t.response_a, t.response_b, d.strength::int as strength,
    '' as part
  from adjudication d
  join task t on t.id = d.task_id
  where t.kind = 'PAIR'
    and d.strength is not null
  union all
  select d.id, a.response_id, b.response_id,
    case
      when (d.answer -> 'places' ->> a.ordinal)::int < (d.answer -> 'places' ->> b.ordinal)::int
        then -3
      else 3
    end,
    '/' || a.ordinal || '~' || b.ordinal
  from adjudication d
  join task t on t.id = d.task_id
  join task_answer a on a.task_id = t.id
  join task_answer b on b.task_id = t.id and b.ordinal > a.ordinal
  where t.kind = 'RANK'
    and (d.answer -> 'places' ->> a.ordinal) <> (d.answer -> 'places' ->> b.ordinal)
  union all
  select d.id, a.response_id, b.response_id,
    (d.answer ->> 'strength')::int + sign((d.answer ->> 'strength')::int)::int,
    ''
  from adjudication d
  join task t on t.id = d.task_id
  join task_answer a on a.task_id = t.id and a.ordinal = 0
  join task_answer b on b.task_id = t.id and b.ordinal = 1
  where t.kind = 'CHOICE'
    and d.answer ->> 'choice' = 'PREFERS';

-- The last word on each task.
create view last_decision as
  select d.*
  from adjudication d
  where not exists (
    select from adjudication later where later.task_id = d.task_id and later.id > d.id);

-- How many numbers lie in ranges: characters of the passages that somebody marked.
create function characters_of(ranges int4multirange) returns bigint
  language sql immutable strict
  return (select coalesce(sum(upper(r) - lower(r)), 0) from unnest(ranges) as r);
