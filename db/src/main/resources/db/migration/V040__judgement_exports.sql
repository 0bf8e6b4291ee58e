-- Files of judgements that were taken out of a project: who took which, and how much was in it.
create table judgement_export (
  id              bigint generated always as identity primary key,
  project_id      bigint      not null references project,
  format          text        not null,
  artifact_sha256 text        not null references artifact,
  judged          bigint      not null check (judged >= 0),
  skipped         bigint      not null check (skipped >= 0),
  -- Null where a command on the server's own machine asked for it.
  person_id       bigint      references person,
  created_at      timestamptz not null default now()
);
create index judgement_export_project on judgement_export (project_id, id);
