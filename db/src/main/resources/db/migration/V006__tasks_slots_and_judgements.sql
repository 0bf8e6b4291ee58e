create table guideline (
  project_id bigint      not null references project,
  version    int         not null,
  body       text        not null,
  created_at timestamptz not null default now(),
  primary key (project_id, version)
);

-- A comparison of two different responses to one prompt; overlap judgements are wanted.
create table task (
  id          bigint generated always as identity primary key,
  project_id  bigint not null references project,
  key         text   not null,
  round       int    not null,
  prompt_id   bigint not null references prompt,
  response_a  bigint not null references response,
  response_b  bigint not null references response,
  shuffle_key bigint not null,
  overlap     int    not null check (overlap between 1 and 20),
  unique (project_id, key),
  check (response_a <> response_b)
);

-- One row for each wanted judgement, made in advance. a_left says which response is shown left.
create table slot (
  id           bigint generated always as identity primary key,
  task_id      bigint  not null references task,
  ordinal      int     not null,
  project_id   bigint  not null references project,
  shuffle_key  bigint  not null,
  a_left       boolean not null,
  done         boolean not null default false,
  leased_by    bigint  references person,
  leased_until timestamptz,
  unique (task_id, ordinal),
  check ((leased_by is null) = (leased_until is null)),
  check (not (done and leased_by is not null))
);
create index slot_open on slot (project_id, shuffle_key, id) where not done;
-- One person holds at most one slot of a project at a time, so nobody hoards tasks.
create unique index slot_one_lease on slot (project_id, leased_by) where leased_by is not null;

create table draft (
  slot_id   bigint      not null references slot,
  person_id bigint      not null references person,
  -- json, not jsonb: kept as it was typed, even characters that jsonb refuses.
  body      json        not null,
  saved_at  timestamptz not null default now(),
  primary key (slot_id, person_id)
);

-- strength: -4 (A significantly better) .. -1, 1 .. 4 (B significantly better), in the task's own
-- order, whatever side a response was shown on. grades: {"a":{...},"b":{...}}.
create table judgement (
  id                bigint generated always as identity primary key,
  slot_id           bigint      not null unique references slot,
  task_id           bigint      not null references task,
  person_id         bigint      not null references person,
  strength          smallint    not null check (strength between -4 and 4 and strength <> 0),
  grades            jsonb       not null,
  reason            text        not null default '',
  a_left            boolean     not null,
  active_ms         bigint      not null check (active_ms >= 0),
  guideline_version int         not null,
  scripted          boolean     not null,
  idempotency_key   uuid        not null unique,
  created_at        timestamptz not null default now(),
  unique (task_id, person_id)
);

create index judgement_person on judgement (person_id);

-- A skipped task is not offered to that person again; the slot goes back.
create table skip (
  task_id   bigint      not null references task,
  person_id bigint      not null references person,
  reason    text        not null default '',
  at        timestamptz not null default now(),
  primary key (task_id, person_id)
);

-- What a dataset was made of, row by row, in order. Undefined parts are null.
create table dataset_row (
  dataset_id   bigint not null references dataset,
  ordinal      int    not null,
  prompt_id    bigint not null references prompt,
  response_id  bigint references response,
  other_id     bigint references response,
  judgement_id bigint references judgement,
  primary key (dataset_id, ordinal)
);
create index dataset_row_prompt on dataset_row (prompt_id);
create index dataset_row_response on dataset_row (response_id);
create index dataset_row_judgement on dataset_row (judgement_id);
