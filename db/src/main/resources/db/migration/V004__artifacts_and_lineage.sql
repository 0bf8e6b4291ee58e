-- A file or folder kept by content hash. A swept artefact keeps its row, so lineage stays whole.
create table artifact (
  sha256     text        primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  kind       text        not null check (kind in ('MODEL', 'ADAPTER', 'REWARD_MODEL', 'CHECKPOINT', 'DATASET', 'EVALUATION', 'EXPORT', 'CONFIGURATION')),
  bytes      bigint      not null check (bytes >= 0),
  folder     boolean     not null,
  pinned     boolean     not null default false,
  created_at timestamptz not null default now(),
  swept_at   timestamptz
);

create table project (
  id         bigint generated always as identity primary key,
  name       text        not null unique check (length(name) between 1 and 120),
  seed       bigint      not null,
  settings   jsonb       not null default '{}',
  state      text        not null default 'ACTIVE' check (state in ('ACTIVE', 'FINISHED')),
  created_at timestamptz not null default now()
);

-- configuration_sha256 is the hash of the canonical JSON of the settings and the code version.
create table run (
  id               bigint generated always as identity primary key,
  project_id       bigint      not null references project,
  name             text        not null,
  job_name         text        not null,
  configuration    jsonb       not null,
  seed             bigint      not null,
  code_version     text        not null,
  state            text        not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'WAITING', 'STOPPED', 'FAILED', 'COMPLETED')),
  detail           text        not null default '',
  job_execution_id bigint,
  created_at       timestamptz not null default now(),
  started_at       timestamptz,
  ended_at         timestamptz,
  unique (project_id, name)
);

-- child was made from parent by a run.
create table artifact_edge (
  parent_sha256 text   not null references artifact,
  child_sha256  text   not null references artifact,
  role          text   not null,
  run_id        bigint references run,
  primary key (parent_sha256, child_sha256, role),
  check (parent_sha256 <> child_sha256)
);
create index artifact_edge_child on artifact_edge (child_sha256);

create table run_metric (
  run_id bigint           not null references run,
  series text             not null,
  step   bigint           not null,
  value  double precision,
  at     timestamptz      not null default now(),
  primary key (run_id, series, step)
);

create table run_log (
  id      bigint generated always as identity primary key,
  run_id  bigint      not null references run,
  at      timestamptz not null default now(),
  level   text        not null check (level in ('INFO', 'WARN', 'ERROR')),
  message text        not null
);
create index run_log_run on run_log (run_id, id);

create table run_heartbeat (
  run_id       bigint      primary key references run,
  at           timestamptz not null,
  process_id   bigint      not null,
  stage        text        not null,
  step         bigint      not null,
  steps        bigint,
  rate         double precision,
  rate_unit    text,
  seconds_left double precision
);
