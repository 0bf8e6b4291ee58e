-- A judgement that was wanted and that nobody will give. Its slot is gone, so whatever counts slots
-- counts what is still wanted; this says what was given up, when and by whom.
create table closed_slot (
  task_id   bigint      not null references task,
  ordinal   int         not null,
  closed_by bigint      not null references person,
  closed_at timestamptz not null,
  primary key (task_id, ordinal)
);
