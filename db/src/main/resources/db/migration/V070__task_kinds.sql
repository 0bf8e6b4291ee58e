-- What a lead asked for at one time: a kind of task, how it is asked, and how often. Never changed,
-- so that each judgement can be read beside the question it answers.
create table labelling_setup (
  id         bigint generated always as identity primary key,
  project_id bigint      not null references project,
  kind       text        not null check (kind in ('PAIR', 'GRADE', 'RANK', 'DEMONSTRATION', 'EDIT', 'SPAN', 'RED_TEAM')),
  question   jsonb       not null,
  overlap    int         not null check (overlap between 1 and 20),
  source     jsonb       not null,
  tasks      int         not null check (tasks >= 0),
  person_id  bigint      not null references person,
  made_at    timestamptz not null
);
create index labelling_setup_project on labelling_setup (project_id, id);

-- A task of another kind than a comparison has its answers, none to many, in task_answer. A
-- comparison without a set-up, as rounds and imports make them, is asked in the usual way.
alter table task add column kind text not null default 'PAIR'
  check (kind in ('PAIR', 'GRADE', 'RANK', 'DEMONSTRATION', 'EDIT', 'SPAN', 'RED_TEAM'));
alter table task add column setup_id bigint references labelling_setup;
alter table task alter column response_a drop not null;
alter table task alter column response_b drop not null;
alter table task add constraint task_kind_answers
  check ((kind = 'PAIR') = (response_a is not null) and (kind = 'PAIR') = (response_b is not null));
alter table task add constraint task_kind_setup check (kind = 'PAIR' or setup_id is not null);

create table task_answer (
  task_id     bigint not null references task,
  ordinal     int    not null check (ordinal >= 0),
  response_id bigint not null references response,
  primary key (task_id, ordinal),
  unique (task_id, response_id)
);
create index task_answer_response on task_answer (response_id);

-- A judgement of a comparison has strength and grades, one of another kind an answer of its own.
alter table judgement alter column strength drop not null;
alter table judgement alter column grades drop not null;
alter table judgement add column answer jsonb;
alter table judgement add constraint judgement_answer_check
  check ((answer is null) = (strength is not null) and (answer is null) = (grades is not null));
alter table judgement drop constraint judgement_known_check;
alter table judgement add constraint judgement_known_check
  check (import_id is not null
    or ((a_left is not null or answer is not null)
      and active_ms is not null and guideline_version is not null));
