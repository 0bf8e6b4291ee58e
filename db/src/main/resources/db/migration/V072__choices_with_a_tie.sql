-- A comparison on seven points with a tie in the middle, and "both bad" apart from it. It is a kind
-- of its own, so that what reads comparisons of eight points never meets a strength of none.
alter table labelling_setup drop constraint labelling_setup_kind_check;
alter table labelling_setup add constraint labelling_setup_kind_check
  check (kind in ('PAIR', 'CHOICE', 'GRADE', 'RANK', 'DEMONSTRATION', 'EDIT', 'SPAN', 'RED_TEAM'));
alter table task drop constraint task_kind_check;
alter table task add constraint task_kind_check
  check (kind in ('PAIR', 'CHOICE', 'GRADE', 'RANK', 'DEMONSTRATION', 'EDIT', 'SPAN', 'RED_TEAM'));

-- Neither a tie nor two bad answers prefer anything. The three steps either way of seven points are
-- the upper three of eight: what is only negligibly better is a tie here.
create or replace view told_preference as
  select j.id as judgement_id, t.response_a, t.response_b, j.strength::int as strength,
    '' as part
  from judgement j
  join task t on t.id = j.task_id
  where t.kind = 'PAIR'
  union all
  select j.id, a.response_id, b.response_id,
    case
      when (j.answer -> 'places' ->> a.ordinal)::int < (j.answer -> 'places' ->> b.ordinal)::int
        then -3
      else 3
    end,
    '/' || a.ordinal || '~' || b.ordinal
  from judgement j
  join task t on t.id = j.task_id
  join task_answer a on a.task_id = t.id
  join task_answer b on b.task_id = t.id and b.ordinal > a.ordinal
  where t.kind = 'RANK'
    and (j.answer -> 'places' ->> a.ordinal) <> (j.answer -> 'places' ->> b.ordinal)
  union all
  select j.id, a.response_id, b.response_id,
    (j.answer ->> 'strength')::int + sign((j.answer ->> 'strength')::int)::int,
    ''
  from judgement j
  join task t on t.id = j.task_id
  join task_answer a on a.task_id = t.id and a.ordinal = 0
  join task_answer b on b.task_id = t.id and b.ordinal = 1
  where t.kind = 'CHOICE'
    and j.answer ->> 'choice' = 'PREFERS';
