-- Pages ask how much there is far more often than it changes, and a project has some hundred
-- thousand rows. So whatever changes the rows keeps the counts, in the same transaction.
--
-- A count is the sum of the rows of its key. A transaction adds to any of them that no other holds,
-- or makes one: nobody waits for a count, not even for that of an import which takes a minute.
-- There are as many rows of a key as ever wrote it at once.

-- Tasks and slots. Slots of the work and slots dealt beside it are counted apart, and those of them
-- that are done. language: the slot's, '' where it has none; tasks stand in the row of ''.
create table work_count (
  id          bigint generated always as identity primary key,
  project_id  bigint not null references project,
  round       int    not null,
  kind        text   not null,
  language    text   not null,
  tasks       bigint not null,
  work        bigint not null,
  work_done   bigint not null,
  beside      bigint not null,
  beside_done bigint not null,
  -- No task has more slots of the work than this.
  widest      int    not null
);
create index work_count_of on work_count (project_id, round, kind, language);

-- Judgements of a person, those of the work among them, and those of a script among these. guideline:
-- the newest version that was beside any of them, read is read whatever became of the judgement.
create table judging_count (
  id         bigint generated always as identity primary key,
  project_id bigint not null references project,
  person_id  bigint not null references person,
  round      int    not null,
  judged     bigint not null,
  work       bigint not null,
  scripted   bigint not null,
  guideline  int    not null
);
create index judging_count_of on judging_count (project_id, person_id, round);
create index judging_count_person on judging_count (person_id);

create table prompt_count (
  id         bigint generated always as identity primary key,
  project_id bigint not null references project,
  split      text   not null,
  kind       text   not null,
  prompts    bigint not null
);
create index prompt_count_of on prompt_count (project_id, split, kind);

create table response_count (
  id         bigint generated always as identity primary key,
  project_id bigint not null references project,
  round      int    not null,
  member     text   not null,
  responses  bigint not null
);
create index response_count_of on response_count (project_id, round, member);

insert into work_count (project_id, round, kind, language, tasks, work, work_done, beside,
  beside_done, widest)
select project_id, round, kind, '', count(*), 0, 0, 0, 0, 0
from task
group by project_id, round, kind;
insert into work_count (project_id, round, kind, language, tasks, work, work_done, beside,
  beside_done, widest)
select t.project_id, t.round, t.kind, coalesce(s.language, ''), 0,
  count(*) filter (where s.purpose = 'WORK'),
  count(*) filter (where s.purpose = 'WORK' and s.done),
  count(*) filter (where s.purpose <> 'WORK'),
  count(*) filter (where s.purpose <> 'WORK' and s.done),
  coalesce(max(s.ordinal + 1) filter (where s.purpose = 'WORK'), 0)
from slot s
join task t on t.id = s.task_id
group by t.project_id, t.round, t.kind, coalesce(s.language, '');
insert into judging_count (project_id, person_id, round, judged, work, scripted, guideline)
select t.project_id, j.person_id, t.round, count(*), count(*) filter (where j.purpose = 'WORK'),
  count(*) filter (where j.purpose = 'WORK' and j.scripted),
  coalesce(max(j.guideline_version), 0)
from judgement j
join task t on t.id = j.task_id
group by t.project_id, j.person_id, t.round;
insert into prompt_count (project_id, split, kind, prompts)
select project_id, split, kind, count(*)
from prompt
group by project_id, split, kind;
insert into response_count (project_id, round, member, responses)
select project_id, round, member, count(*)
from response
group by project_id, round, member;

create function count_work(of_project bigint, of_round int, of_kind text, of_language text,
    more_tasks bigint, more_work bigint, more_work_done bigint, more_beside bigint,
    more_beside_done bigint, as_wide int) returns void
  language plpgsql as $$
begin
  update work_count
  set tasks = tasks + more_tasks,
      work = work + more_work,
      work_done = work_done + more_work_done,
      beside = beside + more_beside,
      beside_done = beside_done + more_beside_done,
      widest = greatest(widest, as_wide)
  where id = (
    select id
    from work_count
    where project_id = of_project
      and round = of_round
      and kind = of_kind
      and language = coalesce(of_language, '')
    limit 1
    for update skip locked);
  if not found then
    insert into work_count (project_id, round, kind, language, tasks, work, work_done, beside,
      beside_done, widest)
    values (of_project, of_round, of_kind, coalesce(of_language, ''), more_tasks, more_work,
      more_work_done, more_beside, more_beside_done, as_wide);
  end if;
end $$;

create function count_judging(of_project bigint, of_person bigint, of_round int,
    more_judged bigint, more_work bigint, more_scripted bigint, as_new int) returns void
  language plpgsql as $$
begin
  update judging_count
  set judged = judged + more_judged,
      work = work + more_work,
      scripted = scripted + more_scripted,
      guideline = greatest(guideline, as_new)
  where id = (
    select id
    from judging_count
    where project_id = of_project
      and person_id = of_person
      and round = of_round
    limit 1
    for update skip locked);
  if not found then
    insert into judging_count (project_id, person_id, round, judged, work, scripted, guideline)
    values (of_project, of_person, of_round, more_judged, more_work, more_scripted, as_new);
  end if;
end $$;

create function count_prompts(of_project bigint, of_split text, of_kind text, more bigint)
    returns void
  language plpgsql as $$
begin
  update prompt_count
  set prompts = prompts + more
  where id = (
    select id
    from prompt_count
    where project_id = of_project
      and split = of_split
      and kind = of_kind
    limit 1
    for update skip locked);
  if not found then
    insert into prompt_count (project_id, split, kind, prompts)
    values (of_project, of_split, of_kind, more);
  end if;
end $$;

create function count_responses(of_project bigint, of_round int, of_member text, more bigint)
    returns void
  language plpgsql as $$
begin
  update response_count
  set responses = responses + more
  where id = (
    select id
    from response_count
    where project_id = of_project
      and round = of_round
      and member = of_member
    limit 1
    for update skip locked);
  if not found then
    insert into response_count (project_id, round, member, responses)
    values (of_project, of_round, of_member, more);
  end if;
end $$;

create function slots_came_or_went() returns trigger
  language plpgsql as $$
declare
  sign int := case tg_op when 'INSERT' then 1 else -1 end;
begin
  perform count_work(c.project_id, c.round, c.kind, c.language, 0, sign * c.work,
    sign * c.work_done, sign * c.beside, sign * c.beside_done, c.widest)
  from (
    select t.project_id, t.round, t.kind, s.language,
      count(*) filter (where s.purpose = 'WORK') as work,
      count(*) filter (where s.purpose = 'WORK' and s.done) as work_done,
      count(*) filter (where s.purpose <> 'WORK') as beside,
      count(*) filter (where s.purpose <> 'WORK' and s.done) as beside_done,
      coalesce(max(s.ordinal + 1) filter (where s.purpose = 'WORK'), 0) as widest
    from changed s
    join task t on t.id = s.task_id
    group by t.project_id, t.round, t.kind, s.language
  ) c;
  return null;
end $$;
create trigger slots_came after insert on slot
  referencing new table as changed
  for each statement execute function slots_came_or_went();
create trigger slots_went after delete on slot
  referencing old table as changed
  for each statement execute function slots_came_or_went();

-- A lease changes nothing here: the trigger is for the two columns alone.
create function slot_changed() returns trigger
  language plpgsql as $$
declare
  of_task record;
  own_work int := (new.purpose = 'WORK')::int;
begin
  select project_id, round, kind into of_task from task where id = new.task_id;
  if old.language is not distinct from new.language then
    perform count_work(of_task.project_id, of_task.round, of_task.kind, new.language, 0, 0,
      own_work * (new.done::int - old.done::int), 0,
      (1 - own_work) * (new.done::int - old.done::int), 0);
  else
    perform count_work(of_task.project_id, of_task.round, of_task.kind, old.language, 0,
      - own_work, - own_work * old.done::int, own_work - 1, (own_work - 1) * old.done::int, 0);
    perform count_work(of_task.project_id, of_task.round, of_task.kind, new.language, 0,
      own_work, own_work * new.done::int, 1 - own_work, (1 - own_work) * new.done::int,
      own_work * (new.ordinal + 1));
  end if;
  return null;
end $$;
create trigger slot_changed after update of done, language on slot
  for each row
  when (old.done <> new.done or old.language is distinct from new.language)
  execute function slot_changed();

create function tasks_came_or_went() returns trigger
  language plpgsql as $$
declare
  sign int := case tg_op when 'INSERT' then 1 else -1 end;
begin
  perform count_work(c.project_id, c.round, c.kind, null, sign * c.tasks, 0, 0, 0, 0, 0)
  from (
    select project_id, round, kind, count(*) as tasks
    from changed
    group by project_id, round, kind
  ) c;
  return null;
end $$;
create trigger tasks_came after insert on task
  referencing new table as changed
  for each statement execute function tasks_came_or_went();
create trigger tasks_went after delete on task
  referencing old table as changed
  for each statement execute function tasks_came_or_went();

create function task_changed() returns trigger
  language plpgsql as $$
begin
  perform count_work(old.project_id, old.round, old.kind, null, -1, 0, 0, 0, 0, 0);
  perform count_work(new.project_id, new.round, new.kind, null, 1, 0, 0, 0, 0, 0);
  perform
    count_work(old.project_id, old.round, old.kind, s.language, 0, - s.work, - s.work_done,
      - s.beside, - s.beside_done, 0),
    count_work(new.project_id, new.round, new.kind, s.language, 0, s.work, s.work_done, s.beside,
      s.beside_done, s.widest)
  from (
    select language,
      count(*) filter (where purpose = 'WORK') as work,
      count(*) filter (where purpose = 'WORK' and done) as work_done,
      count(*) filter (where purpose <> 'WORK') as beside,
      count(*) filter (where purpose <> 'WORK' and done) as beside_done,
      coalesce(max(ordinal + 1) filter (where purpose = 'WORK'), 0) as widest
    from slot
    where task_id = new.id
    group by language
  ) s;
  perform
    count_judging(old.project_id, j.person_id, old.round, -1, - j.work, - j.work * j.scripted, 0),
    count_judging(new.project_id, j.person_id, new.round, 1, j.work, j.work * j.scripted,
      j.guideline)
  from (
    select person_id, (purpose = 'WORK')::int as work, scripted::int as scripted,
      coalesce(guideline_version, 0) as guideline
    from judgement
    where task_id = new.id
  ) j;
  return null;
end $$;
create trigger task_changed after update of round, kind on task
  for each row
  when (old.round <> new.round or old.kind <> new.kind)
  execute function task_changed();

create function judgements_came_or_went() returns trigger
  language plpgsql as $$
declare
  sign int := case tg_op when 'INSERT' then 1 else -1 end;
begin
  perform count_judging(c.project_id, c.person_id, c.round, sign * c.judged, sign * c.work,
    sign * c.scripted, c.guideline)
  from (
    select t.project_id, j.person_id, t.round, count(*) as judged,
      coalesce(max(j.guideline_version), 0) as guideline,
      count(*) filter (where j.purpose = 'WORK') as work,
      count(*) filter (where j.purpose = 'WORK' and j.scripted) as scripted
    from changed j
    join task t on t.id = j.task_id
    group by t.project_id, j.person_id, t.round
  ) c;
  return null;
end $$;
create trigger judgements_came after insert on judgement
  referencing new table as changed
  for each statement execute function judgements_came_or_went();
create trigger judgements_went after delete on judgement
  referencing old table as changed
  for each statement execute function judgements_came_or_went();

create function prompts_came_or_went() returns trigger
  language plpgsql as $$
declare
  sign int := case tg_op when 'INSERT' then 1 else -1 end;
begin
  perform count_prompts(c.project_id, c.split, c.kind, sign * c.prompts)
  from (
    select project_id, split, kind, count(*) as prompts
    from changed
    group by project_id, split, kind
  ) c;
  return null;
end $$;
create trigger prompts_came after insert on prompt
  referencing new table as changed
  for each statement execute function prompts_came_or_went();
create trigger prompts_went after delete on prompt
  referencing old table as changed
  for each statement execute function prompts_came_or_went();

create function prompt_changed() returns trigger
  language plpgsql as $$
begin
  perform count_prompts(old.project_id, old.split, old.kind, -1);
  perform count_prompts(new.project_id, new.split, new.kind, 1);
  return null;
end $$;
create trigger prompt_changed after update of split, kind on prompt
  for each row
  when (old.split <> new.split or old.kind <> new.kind)
  execute function prompt_changed();

create function responses_came_or_went() returns trigger
  language plpgsql as $$
declare
  sign int := case tg_op when 'INSERT' then 1 else -1 end;
begin
  perform count_responses(c.project_id, c.round, c.member, sign * c.responses)
  from (
    select project_id, round, member, count(*) as responses
    from changed
    group by project_id, round, member
  ) c;
  return null;
end $$;
create trigger responses_came after insert on response
  referencing new table as changed
  for each statement execute function responses_came_or_went();
create trigger responses_went after delete on response
  referencing old table as changed
  for each statement execute function responses_came_or_went();

-- A quota asks what somebody has judged at each claim.
create or replace view may_take as
select m.project_id, m.person_id
from may_label m
where m.quota is null
  or m.quota > (
    select coalesce(sum(c.judged), 0)
    from judging_count c
    where c.person_id = m.person_id and c.project_id = m.project_id);

-- The tables with a fast-moving few rows are swept often, so that their sums stay sums of few.
alter table work_count set (fillfactor = 20, autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000);
alter table judging_count set (fillfactor = 50);

-- A person's own work in order, and by day.
create index judgement_of_person on judgement (person_id, id);
create index judgement_of_person_at on judgement (person_id, created_at);
drop index judgement_person;

-- Pages of prompts, with a filter or none.
create index prompt_of_project on prompt (project_id, id);
create index prompt_of_kind on prompt (project_id, kind, id);
create index prompt_of_split on prompt (project_id, split, id);

-- What is not the plain case, for the search for slots that nobody can take.
create index judgement_beside on judgement (task_id) where purpose <> 'WORK';
