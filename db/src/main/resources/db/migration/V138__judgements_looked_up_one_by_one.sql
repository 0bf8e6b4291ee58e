-- The same rows. A part of a union that is itself a join is computed as a whole for each row it is joined to; one table
-- with what belongs to it is looked up by its key.
create or replace view every_judgement as
  select j.id, j.task_id, j.person_id, (select s.ordinal from slot s where s.id = j.slot_id) as ordinal,
    j.strength, j.grades, j.reason, j.scripted, j.import_id
  from judgement j
  union all
  select w.id, w.task_id, w.person_id, w.ordinal, (w.body ->> 'strength')::smallint,
    w.body -> 'grades', w.body ->> 'reason', (w.body ->> 'scripted')::boolean,
    (w.body ->> 'import_id')::bigint
  from withdrawn_judgement w;
