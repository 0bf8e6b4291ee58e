-- A data file as a person brought it: what it was called, and its bytes as an artefact. The dataset
-- that was read from it is its child in the lineage; one dataset may have come in several files.
create table brought_file (
  dataset_id      bigint      not null references dataset,
  artifact_sha256 text        not null references artifact,
  name            text        not null check (length(name) between 1 and 255),
  refused_rows    int         not null check (refused_rows >= 0),
  created_at      timestamptz not null default now(),
  primary key (dataset_id, artifact_sha256)
);
create index brought_file_artifact on brought_file (artifact_sha256);
