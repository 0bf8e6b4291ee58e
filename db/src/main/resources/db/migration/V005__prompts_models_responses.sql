-- key names a prompt by split, kind and number: seeds and hashes use it, never the id.
create table prompt (
  id         bigint generated always as identity primary key,
  project_id bigint  not null references project,
  key        text    not null,
  split      text    not null check (split in ('TRAIN', 'PREFERENCE', 'HELD_OUT')),
  kind       text    not null,
  template   text    not null,
  text       text    not null check (length(text) > 0),
  task       jsonb   not null,
  unique (project_id, key)
);

create table model (
  id              bigint generated always as identity primary key,
  project_id      bigint      not null references project,
  name            text        not null,
  kind            text        not null check (kind in ('POLICY', 'REWARD_MODEL', 'COMPRESSED', 'ADAPTER')),
  artifact_sha256 text        not null references artifact,
  base_model_id   bigint      references model,
  run_id          bigint      references run,
  detail          jsonb       not null default '{}',
  created_at      timestamptz not null default now(),
  unique (project_id, name)
);

-- key names a response by its prompt, member, round and sample number.
create table response (
  id           bigint generated always as identity primary key,
  project_id   bigint  not null references project,
  prompt_id    bigint  not null references prompt,
  key          text    not null,
  round        int     not null,
  member       text    not null,
  model_id     bigint  not null references model,
  sample       int     not null,
  text         text    not null,
  token_ids    int[]   not null,
  log_prob     double precision not null,
  finish       text    not null check (finish in ('STOP', 'LENGTH')),
  reward       double precision,
  checks       jsonb,
  run_id       bigint  references run,
  unique (project_id, key)
);
create index response_prompt on response (prompt_id);

create table dataset (
  id              bigint generated always as identity primary key,
  project_id      bigint      not null references project,
  name            text        not null,
  kind            text        not null check (kind in ('DEMONSTRATIONS', 'PREFERENCES', 'SELECTED', 'PROMPTS')),
  artifact_sha256 text        not null references artifact,
  row_count       int         not null check (row_count >= 0),
  run_id          bigint      references run,
  created_at      timestamptz not null default now(),
  unique (project_id, name)
);

create table evaluation (
  id            bigint generated always as identity primary key,
  project_id    bigint      not null references project,
  stage         text        not null,
  model_id      bigint      not null references model,
  run_id        bigint      references run,
  configuration jsonb       not null,
  summary       jsonb       not null,
  created_at    timestamptz not null default now(),
  unique (project_id, stage)
);

create table evaluation_item (
  evaluation_id bigint           not null references evaluation,
  prompt_id     bigint           not null references prompt,
  text          text             not null,
  passed        boolean          not null,
  checks        jsonb            not null,
  utility       double precision not null,
  reward        double precision,
  log_ratio     double precision,
  tokens        int              not null,
  primary key (evaluation_id, prompt_id)
);
