-- A plan that was made while there were few tasks reads all of them for each statement of an import
-- that adds a hundred thousand. Tasks are looked up one by one, by their key, whatever is planned.
create or replace function slots_came_or_went() returns trigger
  language plpgsql as $$
declare
  sign int := case tg_op when 'INSERT' then 1 else -1 end;
begin
  perform count_work(c.project_id, c.round, c.kind, c.language, 0, sign * c.work,
    sign * c.work_done, sign * c.beside, sign * c.beside_done, c.widest)
  from (
    select t.project_id, t.round, t.kind, s.language,
      sum(s.work)::bigint as work, sum(s.work_done)::bigint as work_done,
      sum(s.beside)::bigint as beside, sum(s.beside_done)::bigint as beside_done,
      max(s.widest) as widest
    from (
      select task_id, language,
        count(*) filter (where purpose = 'WORK') as work,
        count(*) filter (where purpose = 'WORK' and done) as work_done,
        count(*) filter (where purpose <> 'WORK') as beside,
        count(*) filter (where purpose <> 'WORK' and done) as beside_done,
        coalesce(max(ordinal + 1) filter (where purpose = 'WORK'), 0) as widest
      from changed
      group by task_id, language
    ) s
    cross join lateral (
      select project_id, round, kind from task where id = s.task_id offset 0) t
    group by t.project_id, t.round, t.kind, s.language
  ) c;
  return null;
end $$;

create or replace function judgements_came_or_went() returns trigger
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
    cross join lateral (
      select project_id, round from task where id = j.task_id offset 0) t
    group by t.project_id, j.person_id, t.round
  ) c;
  return null;
end $$;
