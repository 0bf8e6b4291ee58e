-- What a program asked for with a key of its own, and what was made of it, so that asking again makes
-- nothing more. made is null only within the transaction that does the work.
create table once_request (
  person_id    bigint      not null references person,
  key          text        not null check (length(key) between 1 and 120),
  request_hash text        not null check (request_hash ~ '^[0-9a-f]{64}$'),
  made         bigint,
  at           timestamptz not null,
  primary key (person_id, key)
);
create index once_request_at on once_request (at);
