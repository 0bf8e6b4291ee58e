-- People who belong together, by a name that leads give.
create table cohort (
  id         bigint      generated always as identity primary key,
  name       text        not null unique check (length(name) between 1 and 80),
  created_at timestamptz not null default now()
);

create table cohort_member (
  cohort_id bigint not null references cohort,
  person_id bigint not null references person,
  primary key (cohort_id, person_id)
);
create index cohort_member_person on cohort_member (person_id);

-- Who belongs to a project by name.
create table project_person (
  project_id bigint not null references project,
  person_id  bigint not null references person,
  primary key (project_id, person_id)
);
create index project_person_person on project_person (person_id);

-- A one-time link that makes an account: only a hash of its token is kept. It is used once, and not
-- after it was taken back.
create table invitation (
  id         bigint      generated always as identity primary key,
  token_hash text        not null unique check (token_hash ~ '^[0-9a-f]{64}$'),
  for_whom   text        not null check (length(for_whom) <= 120),
  role       text        not null check (role in ('ADMIN', 'LEAD', 'ENGINEER', 'ANNOTATOR', 'VIEWER')),
  project_id bigint      references project,
  cohort_id  bigint      references cohort,
  invited_by bigint      not null references person,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  used_at    timestamptz,
  person_id  bigint      references person,
  check ((used_at is null) = (person_id is null)),
  check (used_at is null or revoked_at is null),
  check (expires_at > created_at)
);
create index invitation_invited_by on invitation (invited_by, id);
