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

create sequence run_queue_order;

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
  stop_requested   boolean     not null default false,
  -- Trainings queue: smallest queue_order first, one RUNNING at a time on a device.
  device           text        not null default 'cpu',
  queue_order      bigint      not null default nextval('run_queue_order'),
  created_at       timestamptz not null default now(),
  started_at       timestamptz,
  ended_at         timestamptz,
  unique (project_id, name)
);
create unique index run_one_running on run (device) where state = 'RUNNING';
create index run_queue on run (device, queue_order, id) where state = 'QUEUED';

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

-- The states of a training that can be gone back to. score: smaller is better; null is unranked.
create table checkpoint (
  run_id          bigint      not null references run,
  stage           text        not null,
  step            bigint      not null,
  artifact_sha256 text        not null references artifact,
  score           double precision,
  created_at      timestamptz not null default now(),
  primary key (run_id, stage, step)
);
create index checkpoint_artifact on checkpoint (artifact_sha256);

-- seq grows with every write, so an open page asks only for what is new.
create sequence run_metric_seq;
create table run_metric (
  run_id bigint           not null references run,
  series text             not null,
  step   bigint           not null,
  value  double precision,
  at     timestamptz      not null default now(),
  seq    bigint           not null default nextval('run_metric_seq'),
  primary key (run_id, series, step)
);
create index run_metric_new on run_metric (run_id, seq);

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
