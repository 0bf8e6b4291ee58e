-- What an annotator tells or asks the leads of a project about a task they hold, or about a judgement
-- of theirs, and what is said back. A slot and a judgement may go; the note stays with its task.
create table note (
  id           bigint      generated always as identity primary key,
  key          uuid        not null unique,
  project_id   bigint      not null references project,
  task_id      bigint      not null references task,
  slot_id      bigint      not null,
  judgement_id bigint,
  person_id    bigint      not null references person,
  kind         text        not null check (kind in ('FLAG', 'QUESTION', 'COMMENT')),
  reason       text        check (reason in ('UNSAFE', 'BROKEN', 'GUIDELINES', 'OTHER')),
  body         text        not null,
  at           timestamptz not null,
  closed_by    bigint      references person,
  closed_at    timestamptz,
  -- The last reply that the annotator has looked at.
  seen_reply   bigint      not null default 0,
  check ((kind = 'FLAG') = (reason is not null)),
  -- A flag for a reason of the list says enough by itself.
  check (length(body) > 0 or (kind = 'FLAG' and reason <> 'OTHER')),
  check ((closed_at is null) = (closed_by is null))
);
create index note_open on note (project_id, id) where closed_at is null;
create index note_project on note (project_id, id);
create index note_person on note (person_id, id);

create table note_reply (
  id        bigint      generated always as identity primary key,
  key       uuid        not null unique,
  note_id   bigint      not null references note,
  person_id bigint      not null references person,
  body      text        not null check (length(body) > 0),
  at        timestamptz not null
);
create index note_reply_note on note_reply (note_id, id);
