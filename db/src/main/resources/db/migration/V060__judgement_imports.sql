-- Pairs and judgements from elsewhere. Their answers have no model of this project, so neither
-- tokens nor probability; their judges have no account, only a name that the file gave.
alter table person add column imported boolean not null default false;
alter table person add constraint person_imported_check check (not (imported and active));

alter table response alter column model_id drop not null;
alter table response alter column token_ids drop not null;
alter table response alter column log_prob drop not null;
alter table response add constraint response_sampled_check
  check ((model_id is null) = (token_ids is null) and (model_id is null) = (log_prob is null));

-- One file, as it was brought in once. What it came to is null until its run has ended it.
create table judgement_import (
  id              bigint      generated always as identity primary key,
  project_id      bigint      not null references project,
  file_name       text        not null,
  file_sha256     text        not null references artifact,
  purpose         text        not null check (purpose in ('PAIRS', 'JUDGEMENTS')),
  overlap         int         not null check (overlap between 1 and 20),
  strength        int         not null check (strength between 1 and 4),
  dry_run         boolean     not null,
  person_id       bigint      references person,
  run_id          bigint      references run,
  created_at      timestamptz not null default now(),
  state           text        not null default 'WAITING' check (state in ('WAITING', 'TAKEN', 'TRIED', 'REFUSED')),
  rows_read       bigint,
  pairs           bigint,
  judgements      bigint,
  skips           bigint,
  there           bigint,
  refused         bigint,
  refusals_sha256 text        references artifact,
  fault           text
);
create index judgement_import_project on judgement_import (project_id, id);
-- The same file for the same purpose is taken once.
create unique index judgement_import_taken on judgement_import (project_id, file_sha256, purpose)
  where state = 'TAKEN';

-- What a file does not say of a judgement is null; at the desk all of it is known.
alter table judgement add column import_id bigint references judgement_import;
alter table judgement alter column a_left drop not null;
alter table judgement alter column active_ms drop not null;
alter table judgement alter column guideline_version drop not null;
alter table judgement add constraint judgement_known_check
  check (import_id is not null
    or (a_left is not null and active_ms is not null and guideline_version is not null));
create index judgement_import_of on judgement (import_id) where import_id is not null;
