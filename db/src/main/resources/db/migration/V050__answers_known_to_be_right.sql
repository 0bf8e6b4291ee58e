-- Which response of a task is the better one, as a lead knows: what people's judgements are held
-- against. Nothing that a desk reads joins this table, so nobody can tell such a task from others.
create table gold (
  task_id bigint      primary key references task,
  b_wins  boolean     not null,
  set_by  bigint      not null references person,
  set_at  timestamptz not null
);
