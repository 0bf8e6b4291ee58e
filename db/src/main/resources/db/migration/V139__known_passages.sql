-- What is known of passages: `passages` as an answer has them, none where nothing is to be marked, and
-- `atLeast`, the F1 in per cent from which on an answer is right.
alter table gold add constraint gold_passages
  check (not coalesce(known ? 'passages', false) or (known ->> 'atLeast')::int between 1 and 100);

-- The characters that somebody marked, by reason: one that lies in two passages is marked once.
create function characters_marked(passages jsonb)
returns table (reason text, marked int4multirange)
language sql immutable as $$
  select p ->> 'reason', range_agg(int4range((p ->> 'from')::int, (p ->> 'to')::int))
  from jsonb_array_elements(passages) as p
  group by p ->> 'reason';
$$;

-- F1 by characters of what two people marked, in per cent. A character counts as marked by both when
-- both gave it the same reason; null where both marked nothing. Disputes and known answers are held
-- against it alike.
create function passages_f1(one jsonb, other jsonb) returns numeric
language sql immutable as $$
  select 200.0 * sum(coalesce(characters_of(a.marked * b.marked), 0))
    / sum(coalesce(characters_of(a.marked), 0) + coalesce(characters_of(b.marked), 0))
  from characters_marked(one) a
  full join characters_marked(other) b on b.reason = a.reason;
$$;

create or replace function passages_apart(task bigint)
returns table (majority boolean, apart numeric)
language sql stable as $$
  select null::boolean,
    avg(passages_f1(one.answer -> 'passages', other.answer -> 'passages'))::numeric
  from people_answer one
  join people_answer other on other.task_id = one.task_id and other.id > one.id
  where one.task_id = task;
$$;

-- As before, and of passages: right from the known F1 on, or where both say that nothing is to be
-- marked. What nobody answered is not right: a ranking that was not there turned nothing.
create or replace function gold_right(g gold, j judgement) returns boolean
language sql stable
return case
  when (j).id is null then null
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
  when (g).known ? 'passages' then coalesce(
    passages_f1((g).known -> 'passages', (j).answer -> 'passages')
      >= ((g).known ->> 'atLeast')::numeric,
    true)
end;
