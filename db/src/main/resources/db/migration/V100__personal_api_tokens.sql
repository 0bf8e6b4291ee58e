-- Tokens with which a person's programs call the API. Only a hash is kept, and the last characters,
-- by which the person tells them apart. A token that was revoked stays, so the audit trail means
-- something.
create table api_token (
  id           bigint      generated always as identity primary key,
  person_id    bigint      not null references person,
  name         text        not null check (length(name) between 1 and 80),
  token_hash   text        not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  ending       text        not null check (length(ending) = 4),
  scopes       text[]      not null check (scopes <@ array['READ', 'LABEL', 'LEAD', 'ADMIN'] and cardinality(scopes) > 0),
  created_at   timestamptz not null,
  expires_at   timestamptz not null check (expires_at > created_at),
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create index api_token_person on api_token (person_id, id);
