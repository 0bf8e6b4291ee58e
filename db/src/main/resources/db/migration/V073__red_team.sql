-- The model that people try to make say what it must not. Nothing that a desk sends names it.
alter table labelling_setup add column model_id bigint references model;
alter table labelling_setup add constraint labelling_setup_model_check
  check ((kind = 'RED_TEAM') = (model_id is not null));

-- What somebody asked the model and what it answered, whether or not it came to a judgement.
create table red_team_attempt (
  id        bigint generated always as identity primary key,
  task_id   bigint      not null references task,
  person_id bigint      not null references person,
  model_id  bigint      not null references model,
  prompt    text        not null,
  response  text        not null,
  at        timestamptz not null
);
create index red_team_attempt_of on red_team_attempt (person_id, task_id, id);

-- Kinds of harm that a person does not want to work on.
create table harm_opt_out (
  person_id bigint      not null references person,
  harm      text        not null,
  since     timestamptz not null,
  primary key (person_id, harm)
);
