create table person (
  id            bigint generated always as identity primary key,
  username      text        not null unique check (username ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  display_name  text        not null check (length(display_name) between 1 and 120),
  password_hash text,
  role          text        not null check (role in ('ADMIN', 'LEAD', 'ENGINEER', 'ANNOTATOR', 'VIEWER')),
  scripted      boolean     not null default false,
  active        boolean     not null default true,
  created_at    timestamptz not null default now()
);

-- One-time links (first set-up, the demo's sign-in): only a hash of the token is kept.
create table sign_in_link (
  token_hash text        primary key check (token_hash ~ '^[0-9a-f]{64}$'),
  purpose    text        not null check (purpose in ('SETUP', 'SIGN_IN')),
  person_id  bigint      references person,
  expires_at timestamptz not null,
  used_at    timestamptz,
  check (purpose = 'SETUP' or person_id is not null)
);

create table audit_event (
  id        bigint generated always as identity primary key,
  at        timestamptz not null default now(),
  person_id bigint      references person,
  action    text        not null,
  subject   text        not null,
  detail    jsonb       not null default '{}'
);
