-- Every preference that somebody has told between two responses to a prompt. A comparison tells one;
-- a ranking tells one of each two of its answers that have different places, but not by how much,
-- which counts as "better" (3), as in files that do not say either.
create view told_preference as
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
    and (j.answer -> 'places' ->> a.ordinal) <> (j.answer -> 'places' ->> b.ordinal);
