-- Who a person is to a provider of sign-ins: its issuer and the subject it vouches for. A subject
-- is one person's, and a person has at most one subject of an issuer.
create table person_identity (
  issuer    text        not null,
  subject   text        not null check (length(subject) between 1 and 255),
  person_id bigint      not null references person,
  linked_at timestamptz not null,
  primary key (issuer, subject),
  unique (issuer, person_id)
);
create index person_identity_person on person_identity (person_id);
