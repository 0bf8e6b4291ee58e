-- What a person has chosen for themselves. keys: {"default key": "key of their own"}.
create table person_setting (
  person_id bigint  primary key references person,
  raw       boolean not null default false,
  shortcuts boolean not null default true,
  keys      jsonb   not null default '{}' check (jsonb_typeof(keys) = 'object'),
  language  text    check (language in ('en', 'ar'))
);
