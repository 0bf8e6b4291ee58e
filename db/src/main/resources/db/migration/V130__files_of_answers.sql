-- Files of a set-up's answers that were taken out. The same answers in the same format are the same
-- file, which is noted once.
create table work_export (
  id              bigint generated always as identity primary key,
  setup_id        bigint      not null references labelling_setup,
  format          text        not null,
  artifact_sha256 text        not null references artifact,
  judged          bigint      not null check (judged >= 0),
  skipped         bigint      not null check (skipped >= 0),
  person_id       bigint      not null references person,
  created_at      timestamptz not null default now(),
  unique (setup_id, format, artifact_sha256)
);
