-- How the teacher committee was elected after a round. Elected models sit on the next round's.
create table committee_seat (
  project_id bigint           not null references project,
  round      int              not null check (round >= 1),
  model_id   bigint           not null references model,
  family     text             not null,
  reward     double precision not null,
  pass_rate  double precision not null check (pass_rate between 0 and 1),
  elected    boolean          not null,
  primary key (project_id, round, model_id)
);
