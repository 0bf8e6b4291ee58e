-- How far people's answers to a task that is no comparison are apart, kept by what changes them, so
-- that no list of disputed tasks reads all answers of its set-up.
create table task_dispute (
  task_id  bigint  primary key references task,
  setup_id bigint  not null references labelling_setup,
  key      text    not null,
  -- Answers of people, without repeats.
  judged   int     not null check (judged >= 0),
  -- Whether more than half agree, of grades on each dimension; null where the kind is not counted so.
  majority boolean,
  -- Steps between two grades or strengths, pairs of answers in opposite orders, mean F1 in per cent,
  -- texts; null where there is nothing to measure.
  apart    numeric
);
create index task_dispute_of_setup on task_dispute (setup_id, key)
  include (task_id, judged, majority, apart);

create view people_answer as
  select j.id, j.task_id, j.answer
  from judgement j
  where j.answer is not null
    and not j.scripted
    and j.purpose <> 'REPEAT';

-- Of the dimension where people agree least.
create function grades_apart(task bigint) returns table (majority boolean, apart numeric)
language sql stable as $$
  select bool_and(of_key.majority), max(of_key.steps)::numeric
  from (
    select max(c.n) * 2 > sum(c.n) as majority, max(c.level) - min(c.level) as steps
    from (
      select l.key, l.value::int as level, count(*) as n
      from people_answer j
      cross join lateral jsonb_each_text(j.answer -> 'levels') as l
      where j.task_id = task
      group by l.key, l.value
    ) c
    group by c.key
  ) of_key;
$$;

-- A side is A, B, a tie or both bad.
create function choices_apart(task bigint) returns table (majority boolean, apart numeric)
language sql stable as $$
  select max(c.n) * 2 > sum(c.n), (max(c.high) - min(c.low))::numeric
  from (
    select count(*) as n, max((j.answer ->> 'strength')::int) as high,
      min((j.answer ->> 'strength')::int) as low
    from people_answer j
    where j.task_id = task
    group by j.answer ->> 'choice', sign((j.answer ->> 'strength')::int)
  ) c;
$$;

-- A tie turns nothing.
create function rankings_apart(task bigint) returns table (majority boolean, apart numeric)
language sql stable as $$
  select null::boolean, count(*)::numeric
  from (
    select a.number, b.number
    from people_answer j
    cross join lateral jsonb_array_elements_text(j.answer -> 'places')
      with ordinality as a(place, number)
    cross join lateral jsonb_array_elements_text(j.answer -> 'places')
      with ordinality as b(place, number)
    where j.task_id = task
      and b.number > a.number
    group by a.number, b.number
    having min(sign(b.place::int - a.place::int)) < 0
      and max(sign(b.place::int - a.place::int)) > 0
  ) turned;
$$;

-- The mean of F1 of each two people, where a character counts as marked by both when both gave it
-- the same reason; of two who marked nothing there is none.
create function passages_apart(task bigint) returns table (majority boolean, apart numeric)
language sql stable as $$
  with people as (
    select j.id, j.answer
    from people_answer j
    where j.task_id = task
  ), marks as (
    select people.id, p ->> 'reason' as reason,
      range_agg(int4range((p ->> 'from')::int, (p ->> 'to')::int)) as marked
    from people
    cross join lateral jsonb_array_elements(people.answer -> 'passages') as p
    group by people.id, p ->> 'reason'
  ), sizes as (
    select people.id, coalesce(sum(characters_of(marks.marked)), 0) as marked
    from people
    left join marks on marks.id = people.id
    group by people.id
  )
  select null::boolean, avg(200.0 * f.common / (f.first + f.second))::numeric
  from (
    select coalesce(sum(characters_of(x.marked * y.marked)), 0) as common,
      one.marked as first, two.marked as second
    from sizes one
    join sizes two on two.id > one.id and one.marked + two.marked > 0
    left join marks x on x.id = one.id
    left join marks y on y.id = two.id and y.reason = x.reason
    group by one.id, two.id, one.marked, two.marked
  ) f;
$$;

create function answers_apart(task bigint, kind text)
returns table (majority boolean, apart numeric)
language plpgsql stable as $$
begin
  case kind
    when 'GRADE' then return query select * from grades_apart(task);
    when 'CHOICE' then return query select * from choices_apart(task);
    when 'RANK' then return query select * from rankings_apart(task);
    when 'SPAN' then return query select * from passages_apart(task);
    else return query
      select null::boolean, count(*)::numeric from people_answer j where j.task_id = task;
  end case;
end $$;

-- The row is there, and so held, before its answers are read: of two people who answer at one
-- moment the later one reads both.
create function task_dispute_follows(task bigint) returns void
language plpgsql as $$
begin
  insert into task_dispute (task_id, setup_id, key, judged)
  select t.id, t.setup_id, t.key, 0
  from task t
  where t.id = task and t.kind <> 'PAIR'
  on conflict (task_id) do update set judged = task_dispute.judged;
  update task_dispute d
  set judged = (select count(*) from people_answer j where j.task_id = task),
      majority = m.majority,
      apart = m.apart
  from task t
  cross join lateral answers_apart(t.id, t.kind) m
  where t.id = task and d.task_id = task;
end $$;

create function answers_change_task_dispute() returns trigger
language plpgsql as $$
begin
  perform task_dispute_follows(coalesce(new.task_id, old.task_id));
  return null;
end $$;
create trigger answer_came after insert on judgement
  for each row when (new.answer is not null and not new.scripted)
  execute function answers_change_task_dispute();
create trigger answer_went after delete on judgement
  for each row when (old.answer is not null and not old.scripted)
  execute function answers_change_task_dispute();

insert into task_dispute (task_id, setup_id, key, judged, majority, apart)
select t.id, t.setup_id, t.key, n.judged, m.majority, m.apart
from task t
cross join lateral (select count(*) as judged from people_answer j where j.task_id = t.id) n
cross join lateral answers_apart(t.id, t.kind) m
where t.kind <> 'PAIR'
  and n.judged > 0;
