-- What is known of a task that is no comparison of eight points: of a grade levels by dimension, of a
-- choice A, B, TIE or BOTH_BAD, of a ranking the places of its answers.
alter table gold alter column b_wins drop not null;
alter table gold add column known jsonb;
alter table gold add constraint gold_known check ((b_wins is null) <> (known is null));

-- Whether a judgement says what is known. A grade must have each known level; a choice its side,
-- however strong; a ranking must not turn or tie two answers whose known places differ.
create function gold_right(g gold, j judgement) returns boolean
language sql stable
return case
  when (g).b_wins is not null then ((j).strength > 0) = (g).b_wins
  when (g).known ? 'levels' then (
    select coalesce(bool_and(((j).answer -> 'levels' ->> l.key)::int = l.value::int), false)
    from jsonb_each_text((g).known -> 'levels') as l)
  when (g).known ? 'choice' then (g).known ->> 'choice' = case (j).answer ->> 'choice'
    when 'PREFERS' then case when ((j).answer ->> 'strength')::int < 0 then 'A' else 'B' end
    else (j).answer ->> 'choice'
  end
  when (g).known ? 'places' then not exists (
    select
    from jsonb_array_elements_text((g).known -> 'places') with ordinality as a(place, number)
    join jsonb_array_elements_text((g).known -> 'places') with ordinality as b(place, number)
      on a.place::int < b.place::int
    where ((j).answer -> 'places' ->> (a.number::int - 1))::int
      >= ((j).answer -> 'places' ->> (b.number::int - 1))::int)
end;
